package gatewayapi

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/model"
)

// MeshController is the controller that writes the status of routes whose parent is
// a Service, which no class names.
const MeshController gatewayv1.GatewayController = "netfate.dev/mesh"

// controller is who serves a gateway.
func controller(g *gateway) gatewayv1.GatewayController {
	if g.class == nil {
		return ""
	}
	return g.class.value.ControllerName
}

// routeStatus is the status of a route at each of its parents.
func (b *builder) routeStatus(r *route) gatewayv1.RouteStatus {
	out := gatewayv1.RouteStatus{Parents: []gatewayv1.RouteParentStatus{}}
	for i := range r.attempts {
		a := &r.attempts[i]
		p := gatewayv1.RouteParentStatus{ParentRef: a.ref, ControllerName: MeshController}
		refs := r.meshRefs
		switch {
		case a.gw != nil && a.gw.unhandled.bad, a.gw == nil && a.service < 0:
			continue
		case a.gw != nil:
			p.ControllerName, refs = controller(a.gw), r.refs
		}
		p.Conditions = []metav1.Condition{r.condition("Accepted", a.accepted, string(gatewayv1.RouteReasonAccepted)),
			r.condition("ResolvedRefs", refs, string(gatewayv1.RouteReasonResolvedRefs))}
		out.Parents = append(out.Parents, p)
	}
	return out
}

// policyStatus is the status of a BackendTLSPolicy at each gateway that has a
// route to one of its Services.
func (b *builder) policyStatus(p *tlsPolicy) gatewayv1.PolicyStatus {
	out := gatewayv1.PolicyStatus{Ancestors: []gatewayv1.PolicyAncestorStatus{}}
	for _, g := range b.gateways {
		if g.unhandled.bad || !b.reaches(g, p) {
			continue
		}
		grp, kind, ns := gatewayv1.Group(group), gatewayv1.Kind("Gateway"), gatewayv1.Namespace(g.Namespace)
		out.Ancestors = append(out.Ancestors, gatewayv1.PolicyAncestorStatus{
			AncestorRef:    gatewayv1.ParentReference{Group: &grp, Kind: &kind, Namespace: &ns, Name: gatewayv1.ObjectName(g.Name)},
			ControllerName: controller(g),
			Conditions: []metav1.Condition{p.condition("Accepted", p.accepted, string(gatewayv1.PolicyReasonAccepted)),
				p.condition("ResolvedRefs", p.refs, string(gatewayv1.BackendTLSPolicyReasonResolvedRefs))},
		})
	}
	return out
}

// reaches tells whether a route on a gateway refers to a Service of a policy.
func (b *builder) reaches(g *gateway, p *tlsPolicy) bool {
	targets := map[string]bool{}
	for _, t := range p.value.TargetRefs {
		if t.Group == "" && t.Kind == "Service" {
			targets[p.Namespace+"/"+string(t.Name)] = true
		}
	}
	for _, l := range g.all() {
		for _, a := range l.attached {
			for i := range a.route.rules {
				if names(&a.route.rules[i].action, targets) {
					return true
				}
			}
		}
	}
	return false
}

func names(a *model.RouteAction, targets map[string]bool) bool {
	for _, list := range [][]model.RouteBackend{a.Backends, a.Mirrors} {
		for i := range list {
			if id, _, _ := strings.Cut(list[i].Name, ":"); targets[id] {
				return true
			}
		}
	}
	return false
}
