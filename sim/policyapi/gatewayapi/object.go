package gatewayapi

import (
	"cmp"
	"slices"
	"strings"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// object is one object with its place and its age.
type object struct {
	*model.Object
	r       *rulekit.Reader
	spec    rulekit.At
	created string // RFC 3339 as the API server writes it; "" when not known
}

// id returns "namespace/name".
func (o *object) id() string { return o.Namespace + "/" + o.Name }

// older orders objects by age and then by namespace and name. An object without a
// time is not created yet: it comes after those that have one.
func older(a, b *object) int {
	return cmp.Or(byAge(a.created, b.created), strings.Compare(a.id(), b.id()))
}

func byAge(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == "":
		return 1
	case b == "":
		return -1
	}
	return strings.Compare(a, b)
}

// whyOlder words why one object goes before another of equal rank.
func whyOlder(a, b *object) string {
	switch {
	case a.created == "" && b.created == "":
		return "before " + b.Ref.String() + " by name: neither says when it was created"
	case b.created == "":
		return b.Ref.String() + " does not say when it was created, so that it is taken for younger"
	case a.created == b.created:
		return "before " + b.Ref.String() + " by name: both are equally old"
	}
	return "older than " + b.Ref.String()
}

// state is a condition: good unless something made it bad, with the reason of the
// API, a sentence and the place.
type state struct {
	bad         bool
	reason, why string
	at          model.Origin
}

// fail makes the state bad; the first failure stays.
func (s *state) fail(reason, why string, at model.Origin) {
	if !s.bad {
		*s = state{bad: true, reason: reason, why: why, at: at}
	}
}

// or returns what a pointer points to, or a default.
func or[T any](p *T, byDefault T) T {
	if p == nil {
		return byDefault
	}
	return *p
}

// class is a GatewayClass.
type class struct {
	object
	value gatewayv1.GatewayClassSpec
}

// grant is a ReferenceGrant.
type grant struct {
	object
	value gatewayv1.ReferenceGrantSpec
}

// read reads every object; one that the API server refuses has no effect.
func (b *builder) read() {
	for _, o := range b.in.Objects {
		r := rulekit.New(b.ctx, o)
		b.readers = append(b.readers, r)
		x := object{Object: o, r: r, spec: r.Root().Key("spec"), created: o.Root.Get("metadata").Get("creationTimestamp").Str()}
		if !b.readKind(x) {
			continue
		}
	}
	for _, g := range b.gateways {
		b.byGateway[g.id()] = g
	}
	slices.SortStableFunc(b.sets, func(x, y *listenerSet) int { return older(&x.object, &y.object) })
	slices.SortStableFunc(b.routes, func(x, y *route) int { return older(&x.object, &y.object) })
	slices.SortStableFunc(b.policies, func(x, y *tlsPolicy) int { return older(&x.object, &y.object) })
}

// readKind decodes an object and checks it as the API server does; false where it
// is refused.
func (b *builder) readKind(x object) bool {
	switch x.Kind {
	case "GatewayClass":
		c := &class{object: x}
		if decode(&x, &c.value) {
			b.classes[x.Name] = c
		}
	case "Gateway":
		g := &gateway{object: x}
		if decode(&x, &g.value) && g.valid() {
			b.gateways = append(b.gateways, g)
		}
	case "ListenerSet":
		s := &listenerSet{object: x}
		if decode(&x, &s.value) && validListeners(&x, s.specs()) {
			b.sets = append(b.sets, s)
		}
	case "ReferenceGrant":
		g := grant{object: x}
		if decode(&x, &g.value) && g.valid() {
			b.grants = append(b.grants, g)
		}
	case "BackendTLSPolicy":
		p := &tlsPolicy{object: x}
		if decode(&x, &p.value) && p.valid() {
			b.policies = append(b.policies, p)
		}
	default:
		if r := readRoute(x); r != nil {
			b.routes = append(b.routes, r)
		}
	}
	return !x.r.Rejected()
}

// decode reads an object's spec.
func decode(x *object, into any) bool {
	x.r.Decode(into)
	if !x.r.Rejected() && !x.spec.Exists() {
		x.r.Reject(x.r.Root(), "spec: Required value", "")
	}
	return !x.r.Rejected()
}

// valid checks a grant as the API server does.
func (g *grant) valid() bool {
	if len(g.value.From) == 0 {
		g.r.Reject(g.spec, "from: Required value", "")
	}
	if len(g.value.To) == 0 {
		g.r.Reject(g.spec, "to: Required value", "")
	}
	return !g.r.Rejected()
}

// granted tells whether an object of a namespace may refer to an object of
// another one.
func (b *builder) granted(fromKind, fromNamespace, toGroup, toKind, toNamespace, toName string) bool {
	if fromNamespace == toNamespace {
		return true
	}
	return slices.ContainsFunc(b.grants, func(g grant) bool {
		return g.Namespace == toNamespace &&
			slices.ContainsFunc(g.value.From, func(f gatewayv1.ReferenceGrantFrom) bool {
				return string(f.Group) == group && string(f.Kind) == fromKind && string(f.Namespace) == fromNamespace
			}) &&
			slices.ContainsFunc(g.value.To, func(t gatewayv1.ReferenceGrantTo) bool {
				return string(t.Group) == toGroup && string(t.Kind) == toKind && (or(t.Name, "") == "" || string(*t.Name) == toName)
			})
	})
}
