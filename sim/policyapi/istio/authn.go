package istio

import (
	"cmp"
	"slices"
	"strings"

	securityv1 "istio.io/api/security/v1beta1"
	typev1 "istio.io/api/type/v1beta1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

func mode(m securityv1.PeerAuthentication_MutualTLS_Mode) model.MTLSMode {
	switch m {
	case securityv1.PeerAuthentication_MutualTLS_DISABLE:
		return model.MTLSDisable
	case securityv1.PeerAuthentication_MutualTLS_PERMISSIVE:
		return model.MTLSPermissive
	case securityv1.PeerAuthentication_MutualTLS_STRICT:
		return model.MTLSStrict
	}
	return model.MTLSUnset
}

// peer adds a PeerAuthentication. A selector in the root namespace makes it of
// no effect (row M9): policies there are the mesh's, without selector.
func (b *builder) peer(r *rulekit.Reader) {
	var p securityv1.PeerAuthentication
	if !read(r, &p) {
		return
	}
	spec := r.Root().Key("spec")
	checkSelector(r, spec.Key("selector"), p.GetSelector().GetMatchLabels())
	selected := len(p.GetSelector().GetMatchLabels()) > 0
	if len(p.GetPortLevelMtls()) > 0 && !selected {
		refuse(r, spec.Key("portLevelMtls"), "portLevelMtls needs a selector", "")
	}
	for port := range p.GetPortLevelMtls() {
		if port == 0 || port > 65535 {
			refuse(r, spec.Key("portLevelMtls"), "ports are 1 to 65535", "")
		}
	}
	if r.Rejected() {
		return
	}
	root := r.Object.Namespace == b.config.rootNamespace
	if root && selected && !b.profile.RootSelector.Value {
		r.Warn(spec.Key("selector"), b.noEffect(b.profile.RootSelector.Statement), "put it into the namespace of the workload")
		return
	}
	out := model.PeerTLS{Namespace: r.Object.Namespace, Mode: mode(p.GetMtls().GetMode()), Created: created(r), Key: r.Object.Name + "/" + r.Object.Namespace,
		Origin: place(spec, "mtls", "mode"), Ports: map[uint16]model.MTLSMode{}, PortAt: map[uint16]model.Origin{}}
	if root {
		out.Namespace = ""
	}
	if selected {
		out.Selector = labels(p.GetSelector())
	}
	for port, m := range p.GetPortLevelMtls() {
		out.Ports[uint16(port)] = mode(m.GetMode())
		out.PortAt[uint16(port)] = spec.Key("portLevelMtls").Origin()
	}
	if r.Open() {
		b.gap(r, "what it says of mutual TLS is not understood whole", true, true)
	}
	b.mesh.PeerTLS = append(b.mesh.PeerTLS, out)
}

// place is the deepest of nested keys that is there.
func place(at rulekit.At, keys ...string) model.Origin {
	for _, k := range keys {
		if !at.Has(k) {
			break
		}
		at = at.Key(k)
	}
	return at.Origin()
}

func labels(s *typev1.WorkloadSelector) *model.Labels {
	if s == nil {
		return nil
	}
	l := model.NewLabels(s.GetMatchLabels())
	return &l
}

// created is when the object was created, "" in a file.
func created(r *rulekit.Reader) string {
	if n := r.Root().Key("metadata").Key("creationTimestamp").Node(); n != nil {
		return n.Value
	}
	return ""
}

// requests adds the tokens that a RequestAuthentication names.
func (b *builder) requests(r *rulekit.Reader) {
	var p securityv1.RequestAuthentication
	if !read(r, &p) {
		return
	}
	spec := r.Root().Key("spec")
	checkTargets(r, spec, &p)
	for i, rule := range p.GetJwtRules() {
		at := spec.Item("jwtRules", i)
		if rule.GetIssuer() == "" && rule.GetJwksUri() == "" {
			refuse(r, at, "issuer or jwksUri must be non-empty string", "")
		}
		if rule.GetJwks() != "" && rule.GetJwksUri() != "" {
			refuse(r, at, "only one of jwks and jwksUri can be set", "")
		}
		for j, a := range rule.GetAudiences() {
			if a == "" {
				refuse(r, at.Item("audiences", j), "an audience must not be empty", "")
			}
		}
	}
	if r.Rejected() {
		return
	}
	namespace, selectors := b.tokenSubjects(r, &p)
	if r.Open() {
		b.gap(r, "which tokens it asks for is not understood whole", true, true)
	}
	for i, rule := range p.GetJwtRules() {
		out := model.TokenRule{Namespace: namespace, Issuer: rule.GetIssuer(), Audiences: rule.GetAudiences(), Forward: rule.GetForwardOriginalToken(),
			Words: append([]string{"permission", "scope"}, rule.GetSpaceDelimitedClaims()...), Origin: spec.Item("jwtRules", i).Origin()}
		for _, s := range selectors {
			out.Selector = s
			b.tokens = append(b.tokens, tokenRule{out, created(r), r.Object.Name + "." + r.Object.Namespace})
		}
		b.writesHeaders(spec.Item("jwtRules", i), rule, namespace, selectors)
	}
}

// tokenRule is a kind of token with the age of the object that names it.
type tokenRule struct {
	model.TokenRule
	created, key string
}

// sortTokens puts the kinds of token into the order in which proxies have them: by
// issuer, then those of the whole mesh, then the older (newPolicyApplier).
func (b *builder) sortTokens() {
	slices.SortStableFunc(b.tokens, func(x, y tokenRule) int {
		return cmp.Or(strings.Compare(x.Issuer, y.Issuer), strings.Compare(meshFirst(x), meshFirst(y)), strings.Compare(x.created, y.created), strings.Compare(x.key, y.key))
	})
	for i := range b.tokens {
		b.mesh.Tokens = append(b.mesh.Tokens, b.tokens[i].TokenRule)
	}
}

func meshFirst(t tokenRule) string {
	if t.Namespace == "" {
		return ""
	}
	return "n"
}

// tokenSubjects are whose tokens a RequestAuthentication is about: a namespace, ""
// for the whole mesh, and selectors in it, none where it is about nobody's.
func (b *builder) tokenSubjects(r *rulekit.Reader, p *securityv1.RequestAuthentication) (string, []*model.Labels) {
	if names, targets := b.targets(r, p); targets {
		var out []*model.Labels
		for _, name := range names {
			l := model.NewLabels(map[string]string{labelGateway: name})
			out = append(out, &l)
		}
		return r.Object.Namespace, out
	}
	if r.Object.Namespace == b.config.rootNamespace {
		return "", []*model.Labels{labels(p.GetSelector())}
	}
	return r.Object.Namespace, []*model.Labels{labels(p.GetSelector())}
}
