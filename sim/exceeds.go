package sim

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Gain is a smallest example of what gets through for certain in one place and not
// in another.
type Gain struct {
	conn uint32
	// Request is nil where a connection is enough to tell: every request, or none,
	// gets through by it.
	Request *model.Request
}

// NewGain returns the example of a connection: with a smallest request that gets
// through for certain, else one that may, where the connection is one of those that
// requests are about.
func NewGain(conn uint32, list []Requests) *Gain {
	g := &Gain{conn: conn}
	for i := range list {
		if r := &list[i]; r.Conns.Contains(conn) {
			if w, ok := r.Witness(); ok {
				g.Request = w
			} else if r.Plain != algebra.Yes {
				may := Requests{space: r.space}
				may.Sure = r.May
				if w, ok := may.Witness(); ok {
					g.Request = w
				}
			}
		}
	}
	return g
}

// On returns the connection in words: "TCP 8080".
func (g *Gain) On() string {
	_, proto, port := algebra.ConnParts(g.conn)
	return model.PortText(proto, port)
}

// String returns "POST /admin on TCP 8080".
func (g *Gain) String() string {
	if g.Request == nil {
		return g.On()
	}
	return RequestWords(g.Request) + " on " + g.On()
}

// exceeds finds what gets through for certain by one value and not by another:
// a connection, or of the same connections a request; nil for nothing.
func (c *Connections) exceeds(o *Connections) *Gain {
	if key, ok := witness(c.Allow.Subtract(o.Allow)); ok {
		return &Gain{conn: key, Request: c.requestOn(key)}
	}
	for i := range o.Requests {
		if g := c.beyond(&o.Requests[i]); g != nil {
			return g
		}
	}
	return nil
}

// requestOn returns a smallest request that gets through by a connection of which
// only a part does; nil where everything does.
func (c *Connections) requestOn(key uint32) *model.Request {
	for i := range c.Requests {
		if c.Requests[i].Conns.Contains(key) {
			r, _ := c.Requests[i].Witness()
			return r
		}
	}
	return nil
}

// beyond finds what gets through by connections of which another value lets a part
// through.
func (c *Connections) beyond(o *Requests) *Gain {
	left := o.Conns.Intersect(c.Allow)
	for i := range c.Requests {
		r := &c.Requests[i]
		shared := left.Intersect(r.Conns)
		if left = left.Subtract(r.Conns); shared.Empty() {
			continue
		}
		key, _ := witness(shared)
		more := Requests{space: o.space}
		more.Sure = o.space.Minus(r.Sure, o.Sure)
		if req, ok := more.Witness(); ok {
			return &Gain{conn: key, Request: req}
		}
		if r.Plain == algebra.Yes && o.Plain != algebra.Yes {
			return &Gain{conn: key}
		}
	}
	key, ok := witness(left) // of these everything gets through
	if !ok {
		return nil
	}
	rest := Requests{space: o.space}
	rest.Sure = o.space.Minus(o.paths, o.Sure)
	g := &Gain{conn: key}
	if req, found := rest.Witness(); found {
		g.Request = req
	}
	return g
}
