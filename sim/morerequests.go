package sim

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/request"
)

// MoreRequests returns by which connections more requests get through than by the
// other value, for certain and perhaps, of those connections that both let through
// at least in part. It is empty where no proxy takes part. Both values are lines
// of one plan.
func (c *Connections) MoreRequests(o *Connections) (sure, open algebra.Set) {
	space := spaceOf(c, o)
	if space == nil {
		return nil, nil
	}
	old := o.pieces(space, space.All())
	for _, p := range c.pieces(space, pathsOf(c, o)) {
		for _, q := range old {
			x := p.conns.Intersect(q.conns)
			switch {
			case p.whole && q.whole || x.Empty():
			case p.certainlyMore(space, &q):
				sure = sure.Union(x)
			case p.perhapsMore(space, &q):
				open = open.Union(x)
			}
		}
	}
	return sure, open.Subtract(sure)
}

// piece is connections of which the same requests get through.
type piece struct {
	conns     algebra.Set
	sure, may request.Set
	plain     algebra.Tri
	whole     bool // no proxy takes a part away
}

// pieces parts connections by what gets through of them; all is what gets through
// where no proxy looks.
func (c *Connections) pieces(space *request.Space, all request.Set) []piece {
	certain, perhaps := c.Allow, c.May.Subtract(c.Allow)
	var out []piece
	for i := range c.Requests {
		r := &c.Requests[i]
		out = append(out, piece{conns: r.Conns.Intersect(c.May), sure: r.Sure, may: r.May, plain: r.Plain})
		certain, perhaps = certain.Subtract(r.Conns), perhaps.Subtract(r.Conns)
	}
	return append(out, piece{conns: certain, sure: all, may: all, plain: algebra.Yes, whole: true},
		piece{conns: perhaps, sure: space.None(), may: all, plain: algebra.Maybe, whole: true})
}

func (p *piece) certainlyMore(space *request.Space, q *piece) bool {
	more := space.Minus(p.sure, q.may)
	return space.Err(more) == nil && !more.IsEmpty() || p.plain == algebra.Yes && q.plain == algebra.No
}

func (p *piece) perhapsMore(space *request.Space, q *piece) bool {
	return !space.Minus(p.may, q.may).IsEmpty() || !space.Minus(p.sure, q.sure).IsEmpty() ||
		p.plain != algebra.No && q.plain == algebra.No || p.plain == algebra.Yes && q.plain != algebra.Yes
}

// spaceOf returns the space of the requests of two values, nil where neither has any.
func spaceOf(list ...*Connections) *request.Space {
	for _, c := range list {
		if len(c.Requests) > 0 {
			return c.Requests[0].space
		}
	}
	return nil
}

// pathsOf returns the requests whose paths proxies would leave as they are.
func pathsOf(list ...*Connections) request.Set {
	for _, c := range list {
		if len(c.Requests) > 0 {
			return c.Requests[0].paths
		}
	}
	return request.Set{}
}
