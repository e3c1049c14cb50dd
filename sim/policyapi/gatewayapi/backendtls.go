package gatewayapi

import (
	"fmt"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/model"
)

// tlsPolicy is a BackendTLSPolicy.
type tlsPolicy struct {
	object
	value    gatewayv1.BackendTLSPolicySpec
	accepted state
	refs     state
	// lost are the targets, by index, for which an older policy counts.
	lost map[int]*tlsPolicy
}

// valid checks a policy as the API server does.
func (p *tlsPolicy) valid() bool {
	v, at := &p.value.Validation, p.spec.Key("validation")
	known := or(v.WellKnownCACertificates, "") != ""
	switch {
	case len(p.value.TargetRefs) == 0:
		p.r.Reject(p.spec, "targetRefs: Required value", "")
	case len(v.CACertificateRefs) > 0 && known:
		p.r.Reject(at, "must not contain both CACertificateRefs and WellKnownCACertificates", "")
	case len(v.CACertificateRefs) == 0 && !known:
		p.r.Reject(at, "must specify either CACertificateRefs or WellKnownCACertificates", "")
	case v.Hostname == "":
		p.r.Reject(at, "hostname: Required value", "")
	}
	return !p.r.Rejected()
}

// settlePolicies checks certificates, and of several policies for a target lets
// the oldest count.
func (b *builder) settlePolicies() {
	for i, p := range b.policies {
		b.authorities(p)
		p.lost = map[int]*tlsPolicy{}
		for j := range p.value.TargetRefs {
			for _, other := range b.policies[:i] {
				if other.targets(p.Namespace, &p.value.TargetRefs[j]) {
					p.lost[j] = other
				}
			}
		}
		if len(p.lost) == len(p.value.TargetRefs) {
			p.accepted.fail(string(gatewayv1.PolicyReasonConflicted), "of policies for one target the oldest counts: "+whyOlder(&p.lost[0].object, &p.object), p.spec.Key("targetRefs").Origin())
			p.r.Warn(p.spec.Key("targetRefs"), "has no effect: "+p.lost[0].Ref.String()+" is for the same target, and goes first: "+whyOlder(&p.lost[0].object, &p.object), "")
		}
	}
}

// authorities checks the references to certificates of authorities.
func (b *builder) authorities(p *tlsPolicy) {
	v, at := &p.value.Validation, p.spec.Key("validation")
	valid := 0
	for i, ref := range v.CACertificateRefs {
		if ref.Group != "" || ref.Kind != "ConfigMap" {
			p.refs.fail(string(gatewayv1.BackendTLSPolicyReasonInvalidKind), "CA certificates of the kind "+kindText(string(ref.Group), string(ref.Kind))+" are not supported", at.Item("caCertificateRefs", i).Origin())
			continue
		}
		valid++
	}
	if len(v.CACertificateRefs) > 0 && valid == 0 {
		p.accepted.fail(string(gatewayv1.BackendTLSPolicyReasonNoValidCACertificate), p.refs.why, p.refs.at)
	}
	if k := or(v.WellKnownCACertificates, "System"); k != "System" && k != "" {
		p.accepted.fail(string(gatewayv1.PolicyReasonInvalid), fmt.Sprintf("the well-known certificates %q are not supported", k), at.Key("wellKnownCACertificates").Origin())
	}
}

// targets tells whether a policy is for a target of its namespace.
func (p *tlsPolicy) targets(namespace string, t *gatewayv1.LocalPolicyTargetReferenceWithSectionName) bool {
	if p.Namespace != namespace {
		return false
	}
	for _, own := range p.value.TargetRefs {
		if own.Group == t.Group && own.Kind == t.Kind && own.Name == t.Name && or(own.SectionName, "") == or(t.SectionName, "") {
			return true
		}
	}
	return false
}

// policyFor returns the policy that counts for a port of a Service: one that names
// the port before one for the whole Service, and the oldest of equals.
func (b *builder) policyFor(s *model.Service, port *model.ServicePort) *tlsPolicy {
	for _, section := range []string{port.Name, ""} {
		t := gatewayv1.LocalPolicyTargetReferenceWithSectionName{LocalPolicyTargetReference: gatewayv1.LocalPolicyTargetReference{Kind: "Service", Name: gatewayv1.ObjectName(s.Name)}}
		name := gatewayv1.SectionName(section)
		t.SectionName = &name
		for _, p := range b.policies {
			if p.targets(s.Namespace, &t) {
				return p
			}
		}
	}
	return nil
}

// unmet says why the TLS that a policy asks for cannot be had.
func (p *tlsPolicy) unmet() string {
	return "the TLS that " + p.Ref.String() + " asks for cannot be had: " + p.accepted.why
}
