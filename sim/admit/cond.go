package admit

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

// compiler turns conditions into sets of requests of one space.
type compiler struct {
	sp       *request.Space
	leaves   map[*model.Cond]Bounds      // over the request
	matchers map[*model.Cond]*l7.Matcher // over the connection
}

func newCompiler(sp *request.Space) *compiler {
	return &compiler{sp: sp, leaves: map[*model.Cond]Bounds{}, matchers: map[*model.Cond]*l7.Matcher{}}
}

// place is where conditions are looked at: all that is known of the connection.
type place struct {
	seen     model.Seen // without request
	verified bool       // tokens are validated here
	peerOnly bool       // forwarding headers do not tell the client's address
	reasons  []model.Reason
}

func (p *place) open(r model.Reason) {
	for i := range p.reasons {
		if p.reasons[i].Text == r.Text && p.reasons[i].Origin == r.Origin {
			return
		}
	}
	p.reasons = append(p.reasons, r)
}

// cond returns the requests for which a condition holds.
func (c *compiler) cond(x *model.Cond, p *place) Bounds {
	if x == nil {
		return both(c.sp.All())
	}
	switch x.Op {
	case model.CondAnd:
		out := both(c.sp.All())
		for _, a := range x.Args {
			if out = out.and(c.sp, c.cond(a, p)); out.May.IsEmpty() {
				break
			}
		}
		return out
	case model.CondOr:
		out := both(c.sp.None())
		for _, a := range x.Args {
			out = out.or(c.sp, c.cond(a, p))
		}
		return out
	case model.CondNot:
		return c.cond(x.Args[0], p).not(c.sp)
	case model.CondUnknown:
		p.open(*x.Reason)
		return constant(c.sp, algebra.Maybe)
	}
	return c.leaf(x, p)
}

// leaf returns the requests for which a leaf holds.
func (c *compiler) leaf(x *model.Cond, p *place) Bounds {
	switch {
	case x.Attr == model.AttrRemoteAddr && !p.peerOnly:
		return c.remote(x, p)
	case x.Attr >= model.AttrPrincipal:
		t := c.holds(x, &p.seen)
		if t == algebra.Maybe {
			for _, r := range c.matchers[x].Reasons(&p.seen) {
				p.open(r)
			}
		}
		return constant(c.sp, t)
	case ofToken(x.Attr) && !p.verified:
		return both(c.sp.None())
	}
	b, known := c.leaves[x]
	if !known {
		b = c.overRequest(x)
		c.leaves[x] = b
	}
	if !b.Settled() {
		p.open(badPattern(x))
	}
	return b
}

// holds tells whether a leaf over the connection holds.
func (c *compiler) holds(x *model.Cond, s *model.Seen) algebra.Tri {
	return c.matcher(x).Holds(s)
}

func (c *compiler) matcher(x *model.Cond) *l7.Matcher {
	m, known := c.matchers[x]
	if !known {
		m = l7.Compile(x)
		c.matchers[x] = m
	}
	return m
}

func ofToken(a model.Attr) bool {
	return a >= model.AttrTokenPrincipal && a <= model.AttrTokenClaim
}
