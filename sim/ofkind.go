package sim

import (
	"fmt"

	"github.com/netfate/netfate/sim/admit"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/lang"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/model"
)

// RequestKind is a kind of requests that statements are about: every one that fits,
// whatever its host, path, query, headers and claims.
type RequestKind struct {
	Method string // "" is every method
	// Under is a path: it and all below it, as the destination's proxy sees paths once
	// it has normalised them; "" is every path.
	Under string
}

// OfKind tells which connections requests of a kind get through by. One goroutine
// uses it.
type OfKind struct {
	kind    RequestKind
	proxies *Proxies // nil: no proxy takes part
	space   *request.Space
	all     request.Set
}

// OfKind returns what tells it with the proxies given, nil without a mesh. The error
// is for a kind of which there is no request.
func (s *Simulator) OfKind(k RequestKind, p *Proxies) (*OfKind, error) {
	o := &OfKind{kind: k, proxies: p}
	if p != nil {
		o.space = p.table.Space()
	} else {
		var err error
		if o.space, err = admit.NewSpace(); err != nil {
			return nil, err
		}
	}
	o.all = o.space.All()
	if k.Method != "" {
		o.all = o.space.Intersect(o.all, o.space.Atom(request.Method, lang.Literal(k.Method)))
	}
	if k.Under != "" {
		o.all = o.space.Intersect(o.all, o.space.Atom(request.Path, lang.PathPrefix(k.Under)))
	}
	if p != nil && o.space.Intersect(o.all, p.table.Paths()).IsEmpty() || o.all.IsEmpty() {
		return nil, fmt.Errorf("no request has a path under %q once it is normalised", k.Under)
	}
	return o, nil
}

// Narrow returns of TCP connections that the network allows, and that it may allow,
// those by which a request of the kind gets through for certain, and those by which
// one may. The list says of each of them which requests of the kind those are.
func (o *OfKind) Narrow(allow, may algebra.Set, by Admitted) (sure, open algebra.Set, list []Requests) {
	sure, open, told := o.proxies.Narrow(allow, may, by)
	whole, perhaps := sure, open.Subtract(sure)
	for i := range told {
		whole, perhaps = whole.Subtract(told[i].Conns), perhaps.Subtract(told[i].Conns)
	}
	sure, open = nil, nil
	add := func(r Requests) {
		if r.Conns.Empty() || r.May.IsEmpty() && r.Plain == algebra.No {
			return
		}
		if !r.Sure.IsEmpty() {
			sure = sure.Union(r.Conns)
		}
		open = open.Union(r.Conns)
		list = append(list, r)
	}
	none := o.space.None()
	add(o.requests(whole, admit.Bounds{Sure: o.all, May: o.all}))
	add(o.requests(perhaps, admit.Bounds{Sure: none, May: o.all}))
	for _, r := range told {
		n := o.requests(r.Conns, admit.Bounds{Sure: o.space.Intersect(r.Sure, o.all), May: o.space.Intersect(r.May, o.all)})
		if o.space.Err(n.Sure) != nil {
			n.Sure = none
		}
		if n.Sure.IsEmpty() && r.Plain != algebra.No {
			n.Plain = algebra.Maybe
		}
		n.Reasons = r.Reasons
		add(n)
	}
	return sure, open, list
}

// Any returns any request of the kind by connections of which nothing is said.
func (o *OfKind) Any(conns algebra.Set) []Requests {
	return []Requests{o.requests(conns, admit.Bounds{Sure: o.all, May: o.all})}
}

func (o *OfKind) requests(conns algebra.Set, b admit.Bounds) Requests {
	return Requests{Conns: conns, Bounds: b, shown: b, paths: o.all, space: o.space}
}

// InTLS is why a request may get through where a proxy lets none through that it sees:
// one within TLS of the client's own is a plain connection to it.
func InTLS() model.Reason {
	return model.Reason{Kind: model.MissingFact, Confidence: model.Source,
		Text: "the proxy passes plain connections on: whether the application takes requests within TLS, which the proxy does not see, is not known"}
}
