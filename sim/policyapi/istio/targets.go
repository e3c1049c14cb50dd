package istio

import (
	"slices"

	securityv1 "istio.io/api/security/v1beta1"
	typev1 "istio.io/api/type/v1beta1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// labelGateway names on a pod the Gateway that it serves.
const labelGateway = "gateway.networking.k8s.io/gateway-name"

// targets reads an object's targetRefs: the Gateways that it names, and whether it
// has targetRefs at all. One that has is for nobody else: it counts at the pods with
// the label of the Gateway, of its own namespace, also where that is the root
// namespace. References to others are for waypoints (istio pilot/pkg/model
// ShouldAttachPolicy).
func (b *builder) targets(r *rulekit.Reader, o targeted) (gateways []string, targets bool) {
	spec := r.Root().Key("spec")
	refs, at := o.GetTargetRefs(), func(i int) rulekit.At { return spec.Item("targetRefs", i) }
	if ref := o.GetTargetRef(); len(refs) == 0 && ref != nil { // the older field
		refs, at = []*typev1.PolicyTargetReference{ref}, func(int) rulekit.At { return spec.Key("targetRef") }
	}
	for i, ref := range refs {
		switch {
		case ref.GetKind() != "Gateway":
			r.Warn(at(i), b.noEffect(b.profile.TargetRefs.Statement), "")
		case !b.isServed(r.Object.Namespace, ref.GetName()):
			r.Warn(at(i), "no pod among the sources serves Gateway "+r.Object.Namespace+"/"+ref.GetName()+" as Istio does: it has no effect there", "")
			gateways = append(gateways, ref.GetName())
		default:
			gateways = append(gateways, ref.GetName())
		}
	}
	return gateways, len(refs) > 0
}

// isServed tells whether any proxy has the label of a Gateway.
func (b *builder) isServed(namespace, name string) bool {
	for i := range b.out.Proxies {
		e := &b.in.Model.Endpoints[i]
		if v, ok := e.Labels.Get(labelGateway); ok && v == name && e.Namespace == namespace {
			return true
		}
	}
	return false
}

// ofGateways selects the pods of Gateways of a namespace.
func ofGateways(namespace string, names []string) model.Selector {
	return model.Selector{Namespace: namespace, LocalCluster: true, PodLabels: model.In(labelGateway, names...)}
}

// writesHeaders tells of headers that a gateway makes of a token and sends on, which
// is not modelled. Behind a sidecar there is nobody to look at them.
func (b *builder) writesHeaders(at rulekit.At, rule *securityv1.JWTRule, namespace string, selectors []*model.Labels) {
	if rule.GetOutputPayloadToHeader() == "" && len(rule.GetOutputClaimToHeaders()) == 0 {
		return
	}
	for i, p := range b.out.Proxies {
		e := &b.in.Model.Endpoints[i]
		if p.Gateway && (namespace == "" || namespace == e.Namespace) &&
			slices.ContainsFunc(selectors, func(s *model.Labels) bool { return s == nil || hasLabels(e.Labels, *s) }) {
			b.out.Gaps = append(b.out.Gaps, model.Gap{Origin: at.Origin(), MayAllow: true, MayDeny: true,
				Text: "gateways send headers on that they make of the token, which is not modelled"})
			return
		}
	}
}

func hasLabels(have, want model.Labels) bool {
	return !slices.ContainsFunc(want, func(l model.Label) bool {
		v, ok := have.Get(l.Key)
		return !ok || v != l.Value
	})
}
