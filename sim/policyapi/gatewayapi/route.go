package gatewayapi

import (
	"fmt"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// route is a route of any kind.
type route struct {
	object
	hosts   []string
	parents []gatewayv1.ParentReference
	// One of these is set, by the kind; streams have one rule without matches.
	http   *gatewayv1.HTTPRouteSpec
	grpc   *gatewayv1.GRPCRouteSpec
	stream []gatewayv1.BackendRef
	rule0  rulekit.At // the rule of a stream

	rules    []rule
	mesh     []rule // the same for clients of a mesh, where backends need no grant
	refs     state  // ResolvedRefs
	meshRefs state  // the same for clients of a mesh
	invalid  state  // why no parent can accept it
	attempts []attempt
}

// rule is a rule of a route, compiled.
type rule struct {
	matches []match
	action  model.RouteAction
	at      rulekit.At
}

// match is one of the alternatives of a rule.
type match struct {
	when   *model.Cond // nil is every request
	rank   rank
	regexp bool // a path by expression: its place among the others is left to implementations
	length int  // of the expression
	at     rulekit.At
	action *model.RouteAction // in place of the rule's; nil is the rule's
}

// rank says how specific a match is, the most important first; more is more
// specific.
type rank [5]int

// attempt is what became of one reference to a parent.
type attempt struct {
	ref      gatewayv1.ParentReference
	gw       *gateway // of a Gateway or a set
	set      *listenerSet
	service  int // of a Service; -1
	accepted state
}

// readRoute reads a route; nil where the API server refuses it.
func readRoute(x object) *route {
	r := &route{object: x}
	switch x.Kind {
	case "HTTPRoute":
		r.http = &gatewayv1.HTTPRouteSpec{}
		if decode(&x, r.http) {
			r.common(&r.http.CommonRouteSpec, r.http.Hostnames)
			checkHTTP(r)
		}
	case "GRPCRoute":
		r.grpc = &gatewayv1.GRPCRouteSpec{}
		if decode(&x, r.grpc) {
			r.common(&r.grpc.CommonRouteSpec, r.grpc.Hostnames)
			checkGRPC(r)
		}
	case "TLSRoute":
		var spec gatewayv1.TLSRouteSpec
		if decode(&x, &spec) {
			r.common(&spec.CommonRouteSpec, spec.Hostnames)
			if len(spec.Hostnames) == 0 && x.APIVersion != group+"/v1alpha2" {
				x.r.Reject(x.spec, "hostnames: Required value", "")
			}
			r.oneRule(len(spec.Rules))
			if len(spec.Rules) > 0 {
				r.stream = spec.Rules[0].BackendRefs
			}
		}
	case "TCPRoute":
		var spec gatewayv1.TCPRouteSpec
		if decode(&x, &spec) {
			r.common(&spec.CommonRouteSpec, nil)
			r.oneRule(len(spec.Rules))
			if len(spec.Rules) > 0 {
				r.stream = spec.Rules[0].BackendRefs
			}
		}
	case "UDPRoute":
		var spec gatewayv1.UDPRouteSpec
		if decode(&x, &spec) {
			r.common(&spec.CommonRouteSpec, nil)
			r.oneRule(len(spec.Rules))
			if len(spec.Rules) > 0 {
				r.stream = spec.Rules[0].BackendRefs
			}
		}
	default:
		return nil
	}
	if x.r.Rejected() {
		return nil
	}
	return r
}

// common takes over what routes of all kinds have.
func (r *route) common(spec *gatewayv1.CommonRouteSpec, hosts []gatewayv1.Hostname) {
	r.parents = spec.ParentRefs
	for i := range hosts {
		checkHost(&r.object, r.spec.Item("hostnames", i), &hosts[i])
		r.hosts = append(r.hosts, string(hosts[i]))
	}
	for i := range r.parents {
		if p := or(r.parents[i].Port, 1); p < 1 || p > 65535 {
			r.r.Reject(r.spec.Item("parentRefs", i).Key("port"), fmt.Sprintf("Invalid value: %d: ports are 1 to 65535", p), "")
		}
		for j := range r.parents[:i] {
			if sameParent(&r.parents[i], &r.parents[j], r.Namespace) {
				r.r.Reject(r.spec.Item("parentRefs", i), "sectionName or port must be unique when parentRefs includes 2 or more references to the same parent", "")
			}
		}
	}
	if spec.UseDefaultGateways == gatewayv1.GatewayDefaultScopeAll {
		r.r.AddGap(model.Gap{Origin: r.spec.Key("useDefaultGateways").Origin(), MayAllow: true,
			Text: "the route may attach to default gateways, which are experimental and not simulated"})
	}
}

func sameParent(a, b *gatewayv1.ParentReference, own string) bool {
	ns := gatewayv1.Namespace(own)
	return or(a.Group, gatewayv1.GroupName) == or(b.Group, gatewayv1.GroupName) && or(a.Kind, "Gateway") == or(b.Kind, "Gateway") &&
		or(a.Namespace, ns) == or(b.Namespace, ns) && a.Name == b.Name && or(a.SectionName, "") == or(b.SectionName, "") && or(a.Port, 0) == or(b.Port, 0)
}

// oneRule checks that a route of streams has exactly one rule.
func (r *route) oneRule(n int) {
	switch {
	case n == 0:
		r.r.Reject(r.spec, "rules: Required value", "")
	case n > 1:
		r.r.Reject(r.spec.Key("rules"), "Too many: must have at most 1 items", "")
	}
	r.rule0 = r.spec.Item("rules", 0)
}

// compileRoute makes the rules of a route: for gateways, and for clients of a mesh.
func (b *builder) compileRoute(r *route) {
	inMesh := 0
	for i := range r.parents {
		if isServiceRef(&r.parents[i]) {
			inMesh++
		}
	}
	if inMesh < len(r.parents) || inMesh == 0 {
		r.rules = (&compiler{b: b, r: r}).compile()
	}
	if inMesh > 0 {
		r.mesh = (&compiler{b: b, r: r, mesh: true}).compile()
	}
}

func isServiceRef(p *gatewayv1.ParentReference) bool {
	return or(p.Group, gatewayv1.GroupName) == "" && or(p.Kind, "Gateway") == "Service"
}

// compiler makes rules of a route.
type compiler struct {
	b    *builder
	r    *route
	mesh bool // for the clients of a mesh
}

func (c *compiler) compile() []rule {
	switch {
	case c.r.http != nil:
		return c.httpRules()
	case c.r.grpc != nil:
		return c.grpcRules()
	}
	action := c.streamAction()
	return []rule{{matches: []match{{at: c.r.rule0}}, action: action, at: c.r.rule0}}
}
