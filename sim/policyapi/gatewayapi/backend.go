package gatewayapi

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

func quote(s string) string { return regexp.QuoteMeta(s) }

// backendRef is a reference to a backend with what its own filters do.
type backendRef struct {
	ref     gatewayv1.BackendRef
	at      rulekit.At
	rewrite *model.Rewrite
	answer  *model.RouteAction // what its filters answer in its place
	gate    *model.Reason
	mirrors []model.RouteBackend
}

// filtered takes over what the filters of the reference do.
func (x *backendRef) filtered(f *filters) {
	x.rewrite, x.gate, x.mirrors = f.rewrite, f.gate, f.mirrors
	switch {
	case f.fail != nil:
		x.answer = f.fail
	case f.redirect != nil:
		x.answer = f.redirect
	}
}

// action is what a rule of requests does.
func (c *compiler) action(f *filters, refs []backendRef, at rulekit.At) model.RouteAction {
	out := model.RouteAction{Origin: at.Origin(), Rewrite: f.rewrite, Mirrors: f.mirrors, Gate: f.gate}
	total := uint64(0)
	for i := range refs {
		b := c.backend(&refs[i])
		if a := refs[i].answer; a != nil && b.Fail == 0 {
			b.Fail, b.Why = a.Status, a.Why
			if a.Kind == model.RouteRedirect {
				b.Why = "the backend's filter redirects"
			}
		}
		if g := refs[i].gate; g != nil {
			out.Gate = g
		}
		b.Rewrite = refs[i].rewrite
		out.Mirrors = append(out.Mirrors, refs[i].mirrors...)
		total += uint64(b.Weight)
		out.Backends = append(out.Backends, b)
	}
	switch {
	case f.fail != nil:
		return *f.fail
	case f.redirect != nil:
		return *f.redirect
	case total == 0:
		return c.nothing(len(refs), at)
	}
	return out
}

// nothing is what a rule answers that has no backend.
func (c *compiler) nothing(refs int, at rulekit.At) model.RouteAction {
	why := "the rule has no backendRefs"
	if refs > 0 {
		why, at = "every backendRef has the weight 0", at.Key("backendRefs")
	}
	if c.r.http == nil && c.r.grpc == nil {
		return model.RouteAction{Kind: model.RouteReset, Why: why, Origin: at.Origin()}
	}
	return model.RouteAction{Kind: model.RouteRespond, Status: c.invalidStatus(), Why: why, Origin: at.Origin()}
}

// invalidStatus is what the share of an invalid backend is answered: 500, or with
// gRPC the status UNAVAILABLE, which is 503 of HTTP.
func (c *compiler) invalidStatus() int {
	if c.r.grpc != nil {
		return 503
	}
	return 500
}

// streamAction is the action of the one rule of a route of streams.
func (c *compiler) streamAction() model.RouteAction {
	out := model.RouteAction{Origin: c.r.rule0.Origin()}
	total := uint64(0)
	for i := range c.r.stream {
		b := c.backend(&backendRef{ref: c.r.stream[i], at: c.r.rule0.Item("backendRefs", i)})
		total += uint64(b.Weight)
		out.Backends = append(out.Backends, b)
	}
	if total == 0 {
		return c.nothing(len(c.r.stream), c.r.rule0)
	}
	return out
}

// backend resolves a reference; one that is invalid fails with its share.
func (c *compiler) backend(x *backendRef) model.RouteBackend {
	kind, grp := string(or(x.ref.Kind, "Service")), string(or(x.ref.Group, ""))
	ns := string(or(x.ref.Namespace, gatewayv1.Namespace(c.r.Namespace)))
	out := model.RouteBackend{Weight: uint32(max(0, or(x.ref.Weight, 1))), Service: -1, Port: uint16(or(x.ref.Port, 0)),
		Name: ns + "/" + string(x.ref.Name), Origin: x.at.Origin()}
	if out.Port != 0 {
		out.Name += ":" + strconv.Itoa(int(out.Port))
	}
	fail := func(reason gatewayv1.RouteConditionReason, why string) model.RouteBackend {
		out.Fail, out.Why, out.Service = c.invalidStatus(), why, -1
		c.refs().fail(string(reason), why, out.Origin)
		return out
	}
	if kind != "Service" || grp != "" {
		c.r.r.AddGap(model.Gap{Origin: out.Origin, MayAllow: true, Text: "an implementation that supports backends of the kind " + kindText(grp, kind) + " sends requests there"})
		return fail(gatewayv1.RouteReasonInvalidKind, "backends of the kind "+kindText(grp, kind)+" are not supported")
	}
	if !c.mesh && !c.b.granted(c.r.Kind, c.r.Namespace, "", "Service", ns, string(x.ref.Name)) {
		return fail(gatewayv1.RouteReasonRefNotPermitted,
			fmt.Sprintf("no ReferenceGrant in namespace %s lets %ss of namespace %s use Service %s", ns, c.r.Kind, c.r.Namespace, x.ref.Name))
	}
	i, ok := c.b.services[ns+"/"+string(x.ref.Name)]
	if !ok {
		return fail(gatewayv1.RouteReasonBackendNotFound, fmt.Sprintf("there is no Service %s/%s", ns, x.ref.Name))
	}
	out.Service = i
	return c.toService(out, &c.b.in.Model.Services[i], fail)
}

// toService checks a backend's port and its TLS.
func (c *compiler) toService(out model.RouteBackend, s *model.Service,
	fail func(gatewayv1.RouteConditionReason, string) model.RouteBackend,
) model.RouteBackend {
	if s.Type == model.ExternalName {
		c.r.r.AddGap(model.Gap{Origin: out.Origin, MayAllow: true, Text: "implementations should not send requests to ExternalName Services; one that does reaches " + s.ExternalName})
		return fail(gatewayv1.RouteReasonInvalidKind, "Service "+s.ID()+" is an ExternalName, which backends should not be")
	}
	want := algebra.TCP
	if c.r.Kind == "UDPRoute" {
		want = algebra.UDP
	}
	at := slices.IndexFunc(s.Ports, func(p model.ServicePort) bool { return p.Port == out.Port && p.Protocol == want })
	if at < 0 {
		if slices.ContainsFunc(s.Ports, func(p model.ServicePort) bool { return p.Port == out.Port }) {
			return fail(gatewayv1.RouteReasonUnsupportedProtocol, fmt.Sprintf("port %d of Service %s is not %s", out.Port, s.ID(), want))
		}
		return fail(gatewayv1.RouteReasonBackendNotFound, fmt.Sprintf("Service %s has no port %d", s.ID(), out.Port))
	}
	if c.mesh || c.r.http == nil && c.r.grpc == nil {
		return out
	}
	if p := c.b.policyFor(s, &s.Ports[at]); p != nil {
		out.TLS = model.TLSOwn
		if p.accepted.bad {
			return fail(gatewayv1.RouteReasonUnsupportedProtocol, p.unmet())
		}
	}
	return out
}

// refs is the condition that the compiler's references are resolved.
func (c *compiler) refs() *state {
	if c.mesh {
		return &c.r.meshRefs
	}
	return &c.r.refs
}
