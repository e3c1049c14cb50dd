package istio

import (
	"slices"

	securityv1 "istio.io/api/security/v1beta1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// chain is a kind of filter chain that istiod builds from policies.
type chain uint8

const (
	requests  chain = iota // of a proxy, for ports that speak HTTP
	streams                // of a proxy, for the others
	proxyless              // of a gRPC server that has no proxy (istio pilot/pkg/networking/grpcgen)
)

func chains() []chain { return []chain{requests, streams, proxyless} }

func (b *builder) profileOf(c chain) *model.MeshProfile {
	if c == proxyless {
		return b.direct
	}
	return b.profile
}

func (b *builder) tiersOf(c chain) []model.Tier {
	switch c {
	case streams:
		return b.mesh.Stream
	case proxyless:
		return b.mesh.Proxyless.Tiers
	}
	return b.mesh.Request
}

// ruleCond makes what turns the rules of one policy into conditions.
func (b *builder) ruleCond(r *rulekit.Reader, c chain, allow bool) ruleCond {
	out := ruleCond{namespace: r.Object.Namespace, trust: b.trust, stream: c == streams, strict: allow}
	profile := b.profileOf(c)
	if c == streams {
		out.strict = profile.StreamDeny.Value == model.RuleDropped
		if allow {
			out.strict = profile.StreamAllow.Value == model.RuleDropped
		}
	}
	if !profile.Aliases.Value {
		out.trust = nil
	}
	return out
}

// refused tells whether workloads without a proxy refuse their configuration
// because of a policy: it has a path template, for which gRPC knows no matcher.
func (b *builder) refused(r *rulekit.Reader, p *securityv1.AuthorizationPolicy, subject model.Selector) bool {
	if b.direct.Templates.Value != model.TemplateRefused {
		return false
	}
	for i, rule := range p.GetRules() {
		for j, to := range rule.GetTo() {
			if o := to.GetOperation(); !slices.ContainsFunc(append(o.GetPaths(), o.GetNotPaths()...), isTemplate) {
				continue
			}
			at := r.Root().Key("spec").Item("rules", i).Item("to", j)
			why := "the workload refuses its configuration, and goes on as before or does not serve: " + b.direct.Templates.Text
			b.mesh.Proxyless.Refused = append(b.mesh.Proxyless.Refused, model.RefusedConfig{Subject: subject,
				Reason: model.Reason{Kind: model.MissingFact, Confidence: b.direct.Templates.Confidence, Row: b.direct.Templates.Row, Origin: at.Origin(), Text: why}})
			if b.hasProxyless() {
				r.Warn(at, "workloads without a proxy refuse all that comes with it: "+b.direct.Templates.Text+" ["+b.direct.Templates.Row+"]", "")
			}
			return true
		}
	}
	return false
}

// proxylessRules is what the profile says of workloads without a proxy.
func proxylessRules(p *model.MeshProfile) model.Proxyless {
	return model.Proxyless{Tiers: proxyTiers(), AutoTLS: p.AutoTLS.Value, OwnTLS: p.OwnTLS.Value, Permissive: p.Permissive.Value,
		PermissiveAnnounced: p.PermissiveAnnounced.Value, Tokens: p.Tokens.Value, Forwarded: p.Forwarded.Value, Normalized: p.Normalized.Value}
}

// hasProxyless tells whether any pod is of the mesh without a proxy.
func (b *builder) hasProxyless() bool {
	for _, p := range b.out.Proxies {
		if p.Proxyless {
			return true
		}
	}
	return false
}
