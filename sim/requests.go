package sim

import (
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/admit"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/model"
)

// Requests is what the proxy of a destination lets in of the connections that the
// network lets through, where that is not everything.
type Requests struct {
	Conns algebra.Set // TCP
	// Sure are the requests that get through for certain, May those that may; both
	// are sets of the space that made them, which Witness and Minus ask.
	admit.Bounds
	// Plain tells whether connections get through that are no request to a proxy,
	// such as TLS of the client's own; on a port that is said to speak HTTP none do.
	Plain   algebra.Tri
	Reasons []model.Reason // why something is open
	// Gateway and Listener name the way of requests through a gateway, as they are sent
	// to a port of the gateway, which Conns is then; "" for what a destination's own
	// proxy lets in.
	Gateway, Listener string
	answers           string // what a gateway's clients see of other requests
	shown             admit.Bounds
	paths             request.Set // requests with a path that is normalised
	space             *request.Space
}

// maxBoxes is how many patterns of requests are written out.
const maxBoxes = 6

// On returns the connections in words: "TCP 8080".
func (r *Requests) On() string {
	if v4, v6 := algebra.InFamily(r.Conns, algebra.IPv4), algebra.InFamily(r.Conns, algebra.IPv6); !v4.Empty() && !v6.Empty() {
		return algebra.FormatConns(r.Conns, algebra.IPv4, algebra.IPv6)
	} else if v4.Empty() {
		return algebra.FormatConns(r.Conns, algebra.IPv6)
	}
	return algebra.FormatConns(r.Conns, algebra.IPv4)
}

// Allowed returns what gets through for certain in words: "GET /api/*", "any
// request; no plain TCP", "no request".
func (r *Requests) Allowed() string {
	text := r.space.Format(r.shown.Sure, maxBoxes)
	switch {
	case r.Sure.IsAll():
		text = "any request"
	case r.Sure.IsEmpty():
		text = "no request"
	}
	switch {
	case r.Plain == algebra.Yes && r.Sure.IsEmpty():
		text = "plain TCP"
	case r.Plain == algebra.Yes:
		text += "; plain TCP"
	case r.Sure.IsAll() && r.Gateway == "":
		text += "; no plain TCP"
	}
	return text
}

// Open returns what may get through besides in words, "" for nothing.
func (r *Requests) Open() string {
	var list []string
	if !r.Settled() {
		list = append(list, r.space.Format(r.space.Minus(r.shown.May, r.shown.Sure), maxBoxes))
	}
	if r.Plain == algebra.Maybe {
		list = append(list, "plain TCP")
	}
	return strings.Join(list, "; ")
}

// Otherwise is what a client sees of a request that does not get through: a status,
// "reset" where a port that does not speak HTTP refuses it, "" where every request
// gets through or may.
func (r *Requests) Otherwise() string {
	switch {
	case r.Gateway != "":
		return r.answers
	case r.May.IsAll():
		return ""
	case r.May.IsEmpty() && r.Plain == algebra.No:
		return "reset"
	}
	return "403"
}

// Place returns the connections in words with the gateway that takes them: "TCP 80 of
// gateway shop/web, listener http".
func (r *Requests) Place() string {
	if r.Gateway == "" {
		return r.On()
	}
	return r.On() + " of gateway " + r.Gateway + ", listener " + r.Listener
}

// Words returns all of it in words: "GET /api/*; 403 otherwise".
func (r *Requests) Words() string {
	text := r.Allowed()
	if s := r.Otherwise(); s != "" {
		text += "; " + s + " otherwise"
	}
	if open := r.Open(); open != "" {
		text += " (undetermined: " + open + ")"
	}
	return text
}

// Witness returns a smallest request that gets through for certain.
func (r *Requests) Witness() (*model.Request, bool) {
	w, ok := r.space.Witness(r.Sure)
	return admit.Request(w), ok
}

// Holds tells whether a request gets through whose path is normalised and whose
// token, if any, is valid.
func (r *Requests) Holds(x *model.Request) algebra.Tri {
	return r.Bounds.Holds(r.space, x)
}

// alike tells whether two say the same, of whatever connections.
func (r *Requests) alike(o *Requests) bool {
	return r.Bounds == o.Bounds && r.Plain == o.Plain && r.answers == o.answers
}

// joined adds to a list what is let in of some connections.
func joined(list []Requests, r Requests) []Requests {
	for i := range list {
		if list[i].alike(&r) {
			list[i].Conns = list[i].Conns.Union(r.Conns)
			return list
		}
	}
	return append(list, r)
}

// SameRequests tells whether proxies let in the same by two values.
func (c *Connections) SameRequests(o *Connections) bool {
	return slices.EqualFunc(c.Requests, o.Requests, func(a, b Requests) bool { return a.alike(&b) && a.Conns.Equal(b.Conns) })
}
