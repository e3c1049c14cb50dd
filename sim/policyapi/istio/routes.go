package istio

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	networkingv1 "istio.io/api/networking/v1alpha3"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// routes translates the routes of one VirtualService.
type routes struct {
	b *builder
	r *rulekit.Reader
}

// http returns a rule for each match of an HTTP route; without matches it takes
// every request.
func (v *routes) http(at rulekit.At, x *networkingv1.HTTPRoute) []model.RouteRule {
	if x.GetDelegate() != nil {
		return v.delegate(at, x)
	}
	if len(x.GetMatch()) == 0 {
		return []model.RouteRule{{Action: v.action(at, x, nil), Origin: at.Origin()}}
	}
	var out []model.RouteRule
	for i, m := range x.GetMatch() {
		if len(m.GetGateways()) > 0 && !slices.ContainsFunc(m.GetGateways(), isMesh) {
			continue
		}
		rule := model.RouteRule{When: httpMatch(m), Action: v.action(at, x, m), Origin: at.Item("match", i).Origin(), ClientPort: uint16(m.GetPort())}
		if len(m.GetGateways()) == 0 { // sources count only where no gateways are named
			rule.ClientLabels, rule.ClientNamespace = model.NewLabels(m.GetSourceLabels()), m.GetSourceNamespace()
		}
		out = append(out, rule)
	}
	return out
}

// stringMatch is a match of a value; nil or empty asks for presence.
func stringMatch(m *networkingv1.StringMatch, fold bool) model.Pattern {
	switch x := m.GetMatchType().(type) {
	case *networkingv1.StringMatch_Exact:
		return model.Pattern{Kind: model.PatternExact, Value: x.Exact, Fold: fold}
	case *networkingv1.StringMatch_Prefix:
		return model.Pattern{Kind: model.PatternPrefix, Value: x.Prefix, Fold: fold}
	case *networkingv1.StringMatch_Regex:
		if x.Regex != "*" { // "*" alone asks for presence
			return model.Pattern{Kind: model.PatternRegexp, Value: x.Regex}
		}
	}
	return model.Pattern{Kind: model.PatternAny}
}

// httpMatch is a match of a request: all that it says must hold.
func httpMatch(m *networkingv1.HTTPMatchRequest) *model.Cond {
	var all []*model.Cond
	one := func(a model.Attr, s *networkingv1.StringMatch, fold bool) {
		if s != nil {
			all = append(all, model.Match(a, "", stringMatch(s, fold)))
		}
	}
	one(model.AttrPath, m.GetUri(), m.GetIgnoreUriCase())
	one(model.AttrScheme, m.GetScheme(), false)
	one(model.AttrMethod, m.GetMethod(), false)
	one(model.AttrHost, m.GetAuthority(), false)
	for _, k := range sorted(m.GetHeaders()) {
		all = append(all, headerMatch(k, stringMatch(m.GetHeaders()[k], false)))
	}
	for _, k := range sorted(m.GetWithoutHeaders()) {
		p := stringMatch(m.GetWithoutHeaders()[k], false)
		without := model.NotCond(headerMatch(k, p))
		if p.Kind != model.PatternAny && takesEmpty(p) { // a missing header counts as empty
			without = model.AllOf(headerMatch(k, model.Pattern{Kind: model.PatternAny}), without)
		}
		all = append(all, without)
	}
	for _, k := range sorted(m.GetQueryParams()) {
		all = append(all, model.Match(model.AttrQuery, k, stringMatch(m.GetQueryParams()[k], false)))
	}
	return model.AllOf(all...)
}

// headerMatch is a match of a header.
func headerMatch(name string, p model.Pattern) *model.Cond {
	return model.Match(model.AttrHeader, strings.ToLower(name), p)
}

// takesEmpty tells whether a pattern matches an empty value.
func takesEmpty(p model.Pattern) bool {
	if p.Kind == model.PatternRegexp {
		re, err := regexp.Compile(`\A(?:` + p.Value + `)\z`)
		return err == nil && re.MatchString("")
	}
	return p.Value == ""
}

func sorted[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// action is what an HTTP route does with the requests of one of its matches.
func (v *routes) action(at rulekit.At, x *networkingv1.HTTPRoute, m *networkingv1.HTTPMatchRequest) model.RouteAction {
	out := model.RouteAction{Origin: at.Origin()}
	switch {
	case x.GetRedirect() != nil:
		out.Kind, out.Status, out.Location = model.RouteRedirect, int(x.GetRedirect().GetRedirectCode()), location(x.GetRedirect())
		if out.Status == 0 {
			out.Status = 301
		}
		return out
	case x.GetDirectResponse() != nil:
		out.Kind, out.Status, out.Why = model.RouteRespond, int(x.GetDirectResponse().GetStatus()), "the route answers by itself"
		out.Origin = at.Key("directResponse").Origin()
		return out
	}
	for i, d := range x.GetRoute() {
		weight := uint32(max(0, d.GetWeight()))
		if len(x.GetRoute()) == 1 {
			weight = 1
		}
		b := v.backend(at.Item("route", i), d.GetDestination(), weight)
		b.Rewrite = headerRewrite(d.GetHeaders().GetRequest())
		if b.Rewrite != nil && len(x.GetRoute()) == 1 && x.GetRewrite().GetAuthority() != "" {
			b.Rewrite.Host = "" // the route's own authority counts
		}
		out.Backends = append(out.Backends, b)
	}
	if d := x.GetMirror(); d != nil {
		out.Mirrors = append(out.Mirrors, v.backend(at.Key("mirror"), d, 1))
	}
	for i, d := range x.GetMirrors() {
		out.Mirrors = append(out.Mirrors, v.backend(at.Item("mirrors", i), d.GetDestination(), 1))
	}
	out.Rewrite = rewrite(at, x, m)
	v.fault(at, x.GetFault(), &out)
	return out
}

func location(r *networkingv1.HTTPRedirect) string {
	host, path := r.GetAuthority(), r.GetUri()
	if host == "" {
		host = "the same host"
	}
	if path == "" {
		path = "the same path"
	}
	if s := r.GetScheme(); s != "" {
		host = s + "://" + host
	}
	return host + ", " + path
}

// fault is an injected abort; without a percentage no request is aborted.
func (v *routes) fault(at rulekit.At, f *networkingv1.HTTPFaultInjection, out *model.RouteAction) {
	a := f.GetAbort()
	if a == nil || a.GetPercentage() == nil {
		return
	}
	out.Abort, out.Status = a.GetPercentage().GetValue(), int(a.GetHttpStatus())
	if out.Status == 0 {
		out.Status = 503
		v.b.gap(v.r, fmt.Sprintf("%s: an abort with a gRPC status is taken for one with status 503", at.Path()), false, false)
	}
}

func headerRewrite(h *networkingv1.Headers_HeaderOperations) *model.Rewrite {
	if h == nil {
		return nil
	}
	out := &model.Rewrite{Set: lowerKeys(h.GetSet()), Add: lowerKeys(h.GetAdd()), Remove: h.GetRemove()}
	for _, set := range []map[string]string{out.Add, out.Set} {
		for _, k := range []string{"host", ":authority"} {
			if host, ok := set[k]; ok {
				out.Host = strings.ToLower(host)
				delete(set, k)
			}
		}
	}
	return out
}

func lowerKeys(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[strings.ToLower(k)] = v
	}
	return out
}

// rewrite is what the route changes of a request. A prefix that was matched is
// replaced as text; any other match has its whole path replaced, none its first slash.
func rewrite(at rulekit.At, x *networkingv1.HTTPRoute, m *networkingv1.HTTPMatchRequest) *model.Rewrite {
	out := headerRewrite(x.GetHeaders().GetRequest())
	w := x.GetRewrite()
	if w == nil {
		return out
	}
	if out == nil {
		out = &model.Rewrite{}
	}
	if a := w.GetAuthority(); a != "" {
		out.Host = strings.ToLower(a)
	}
	switch uri := m.GetUri().GetMatchType().(type) {
	case nil:
		out.HasPrefix, out.Matched, out.Prefix, out.Raw = w.GetUri() != "", "/", w.GetUri(), true
	case *networkingv1.StringMatch_Prefix:
		out.HasPrefix, out.Matched, out.Prefix, out.Raw = w.GetUri() != "", uri.Prefix, w.GetUri(), true
	default:
		out.Path = w.GetUri()
	}
	if e := w.GetUriRegexRewrite(); e != nil {
		out.Expr, out.Subst, out.HasPrefix, out.Path = e.GetMatch(), e.GetRewrite(), false, ""
		if _, err := regexp.Compile(e.GetMatch()); err != nil {
			out.Unsettled = &model.Reason{Kind: model.UnreadInput, Confidence: model.Source, Origin: at.Key("rewrite").Origin(),
				Text: "the path is rewritten by an expression that cannot be read: " + err.Error()}
		}
	}
	return out
}
