package gatewayapi

import (
	"regexp"
	"strings"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// grpcRules compiles the rules of a GRPCRoute. A gRPC request is a POST of
// /package.Service/Method.
func (c *compiler) grpcRules() []rule {
	var out []rule
	for i := range c.r.grpc.Rules {
		x, at := &c.r.grpc.Rules[i], c.r.spec.Item("rules", i)
		matches := []match{{at: at, when: isGRPC(at)}}
		if len(x.Matches) > 0 {
			matches = nil
		}
		for j := range x.Matches {
			matches = append(matches, grpcMatch(&x.Matches[j], at.Item("matches", j)))
		}
		f := c.grpcFilters(x.Filters, at)
		refs := make([]backendRef, len(x.BackendRefs))
		for j := range x.BackendRefs {
			refs[j] = backendRef{ref: x.BackendRefs[j].BackendRef, at: at.Item("backendRefs", j)}
			refs[j].filtered(c.grpcFilters(x.BackendRefs[j].Filters, refs[j].at))
		}
		out = append(out, rule{matches: matches, action: c.action(f, refs, at), at: at})
	}
	return out
}

// isGRPC is the condition that a request is one of gRPC.
func isGRPC(at rulekit.At) *model.Cond {
	return placed(model.Match(model.AttrHeader, "content-type", model.Pattern{Kind: model.PatternPrefix, Value: "application/grpc"}), at)
}

// grpcMatch is one match with its rank: the length of the service, the length of
// the method, the number of headers.
func grpcMatch(x *gatewayv1.GRPCRouteMatch, at rulekit.At) match {
	m := match{at: at}
	parts := []*model.Cond{isGRPC(at)}
	if x.Method != nil {
		service, method := or(x.Method.Service, ""), or(x.Method.Method, "")
		m.rank[0], m.rank[1] = len(service), len(method)
		m.regexp = or(x.Method.Type, gatewayv1.GRPCMethodMatchExact) == gatewayv1.GRPCMethodMatchRegularExpression
		parts = append(parts, placed(model.Match(model.AttrPath, "", grpcPath(service, method, m.regexp)), at.Key("method")))
	}
	seen := map[string]bool{}
	for i, h := range x.Headers {
		key := strings.ToLower(string(h.Name))
		if seen[key] {
			continue
		}
		seen[key] = true
		parts = append(parts, headerMatch(key, h.Value, or(h.Type, gatewayv1.GRPCHeaderMatchExact) == gatewayv1.GRPCHeaderMatchRegularExpression, at.Item("headers", i)))
		m.rank[2]++
	}
	m.when = model.AllOf(parts...)
	return m
}

// grpcPath is the path of a service and method, of which either may be any.
func grpcPath(service, method string, isRegexp bool) model.Pattern {
	switch {
	case !isRegexp && service != "" && method != "":
		return model.Pattern{Value: "/" + service + "/" + method}
	case !isRegexp && method == "":
		return model.Pattern{Kind: model.PatternPathPrefix, Value: "/" + service}
	}
	part := func(s string) string {
		switch {
		case s == "":
			return "[^/]+"
		case isRegexp:
			return "(?:" + s + ")"
		}
		return regexp.QuoteMeta(s)
	}
	shown := "/" + orAny(service) + "/" + orAny(method)
	return model.Pattern{Kind: model.PatternRegexp, Value: "/" + part(service) + "/" + part(method), Shown: shown}
}

func orAny(s string) string {
	if s == "" {
		return "*"
	}
	return s
}
