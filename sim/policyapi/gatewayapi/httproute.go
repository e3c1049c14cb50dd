package gatewayapi

import (
	"strings"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// httpRules compiles the rules of an HTTPRoute; without rules it has the default
// one, which matches every request and has no backend.
func (c *compiler) httpRules() []rule {
	list := c.r.http.Rules
	if len(list) == 0 {
		list = []gatewayv1.HTTPRouteRule{{}}
	}
	var out []rule
	for i := range list {
		x, at := &list[i], c.r.spec.Item("rules", i)
		matches := httpMatches(x, at)
		f := c.httpFilters(x.Filters, at, prefixOf(x))
		refs := make([]backendRef, len(x.BackendRefs))
		for j := range x.BackendRefs {
			refs[j] = backendRef{ref: x.BackendRefs[j].BackendRef, at: at.Item("backendRefs", j)}
			g := c.httpFilters(x.BackendRefs[j].Filters, refs[j].at, prefixOf(x))
			refs[j].filtered(g)
		}
		out = append(out, rule{matches: f.preflights(matches), action: c.action(f, refs, at), at: at})
	}
	return out
}

// httpMatches are the matches of a rule; none is every request.
func httpMatches(x *gatewayv1.HTTPRouteRule, at rulekit.At) []match {
	if len(x.Matches) == 0 {
		return []match{{at: at}}
	}
	out := make([]match, 0, len(x.Matches))
	for i := range x.Matches {
		out = append(out, httpMatch(&x.Matches[i], at.Item("matches", i)))
	}
	return out
}

// httpMatch is one match with its rank: an exact path, the length of a prefix, a
// method, the number of headers, the number of query parameters.
func httpMatch(x *gatewayv1.HTTPRouteMatch, at rulekit.At) match {
	m := match{at: at}
	var parts []*model.Cond
	if x.Path != nil {
		parts = append(parts, pathMatch(x.Path, at.Key("path"), &m))
	}
	if x.Method != nil {
		parts = append(parts, placed(model.Match(model.AttrMethod, "", model.Pattern{Value: string(*x.Method)}), at.Key("method")))
		m.rank[2] = 1
	}
	seen := map[string]bool{}
	for i, h := range x.Headers {
		key := strings.ToLower(string(h.Name))
		if seen[key] { // only the first entry of a name counts
			continue
		}
		seen[key] = true
		parts = append(parts, headerMatch(key, h.Value, or(h.Type, gatewayv1.HeaderMatchExact) == gatewayv1.HeaderMatchRegularExpression, at.Item("headers", i)))
		m.rank[3]++
	}
	params := map[gatewayv1.HTTPHeaderName]bool{}
	for i, q := range x.QueryParams {
		if params[q.Name] {
			continue
		}
		params[q.Name] = true
		parts = append(parts, valueMatch(model.AttrQuery, string(q.Name), q.Value, or(q.Type, gatewayv1.QueryParamMatchExact) == gatewayv1.QueryParamMatchRegularExpression, at.Item("queryParams", i)))
		m.rank[4]++
	}
	m.when = model.AllOf(parts...)
	return m
}

// pathMatch is a condition on the path; nil for the prefix / of every path.
func pathMatch(x *gatewayv1.HTTPPathMatch, at rulekit.At, m *match) *model.Cond {
	value := or(x.Value, "/")
	switch or(x.Type, gatewayv1.PathMatchPathPrefix) {
	case gatewayv1.PathMatchExact:
		m.rank[0] = 1
		return placed(model.Match(model.AttrPath, "", model.Pattern{Value: value}), at)
	case gatewayv1.PathMatchRegularExpression:
		m.regexp, m.length = true, len(value)
		return placed(model.Match(model.AttrPath, "", model.Pattern{Kind: model.PatternRegexp, Value: value}), at)
	}
	m.rank[1] = len(strings.TrimRight(value, "/"))
	if m.rank[1] == 0 {
		return nil
	}
	return placed(model.Match(model.AttrPath, "", model.Pattern{Kind: model.PatternPathPrefix, Value: value}), at)
}

// headerMatch is a condition on a header; the host stands for itself.
func headerMatch(key, value string, regexp bool, at rulekit.At) *model.Cond {
	if key == "host" || key == ":authority" {
		return valueMatch(model.AttrHost, "", value, regexp, at)
	}
	return valueMatch(model.AttrHeader, key, value, regexp, at)
}

func valueMatch(a model.Attr, key, value string, regexp bool, at rulekit.At) *model.Cond {
	p := model.Pattern{Value: value}
	if regexp {
		p.Kind = model.PatternRegexp
	}
	return placed(model.Match(a, key, p), at)
}

func placed(c *model.Cond, at rulekit.At) *model.Cond {
	c.Origin = at.Origin()
	return c
}

// prefixOf is the one prefix of a rule that a replacement of the prefix is about.
func prefixOf(x *gatewayv1.HTTPRouteRule) string {
	if len(x.Matches) == 1 && x.Matches[0].Path != nil {
		return or(x.Matches[0].Path.Value, "/")
	}
	return "/"
}
