package gatewayapi

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// checkHTTP checks an HTTPRoute as the API server does, in its words.
func checkHTTP(r *route) {
	for i := range r.http.Rules {
		x, at := &r.http.Rules[i], r.spec.Item("rules", i)
		for j := range x.Matches {
			m, place := &x.Matches[j], at.Item("matches", j)
			if why := wrongPath(m.Path); why != "" {
				r.r.Reject(place.Key("path"), why, "")
			}
			if m.Method != nil && !slices.Contains(methods(), string(*m.Method)) {
				r.r.Reject(place.Key("method"), unsupported(string(*m.Method), methods()), "")
			}
			for k, h := range m.Headers {
				enum(r, place.Item("headers", k).Key("type"), string(or(h.Type, gatewayv1.HeaderMatchExact)), "Exact", "RegularExpression")
			}
			for k, q := range m.QueryParams {
				enum(r, place.Item("queryParams", k).Key("type"), string(or(q.Type, gatewayv1.QueryParamMatchExact)), "Exact", "RegularExpression")
			}
		}
		prefix := len(x.Matches) == 0 || len(x.Matches) == 1 && (x.Matches[0].Path == nil || or(x.Matches[0].Path.Type, gatewayv1.PathMatchPathPrefix) == gatewayv1.PathMatchPathPrefix)
		checkHTTPFilters(r, at, x.Filters, prefix)
		redirects := slices.ContainsFunc(x.Filters, func(f gatewayv1.HTTPRouteFilter) bool { return f.RequestRedirect != nil })
		if redirects && len(x.BackendRefs) > 0 {
			r.r.Reject(at, "RequestRedirect filter must not be used together with backendRefs", "")
		}
		for j := range x.BackendRefs {
			checkRef(r, at.Item("backendRefs", j), &x.BackendRefs[j].BackendRef)
			checkHTTPFilters(r, at.Item("backendRefs", j), x.BackendRefs[j].Filters, prefix)
		}
	}
}

// checkGRPC checks a GRPCRoute.
func checkGRPC(r *route) {
	for i := range r.grpc.Rules {
		x, at := &r.grpc.Rules[i], r.spec.Item("rules", i)
		for j := range x.Matches {
			m, place := x.Matches[j].Method, at.Item("matches", j)
			for k, h := range x.Matches[j].Headers {
				enum(r, place.Item("headers", k).Key("type"), string(or(h.Type, gatewayv1.GRPCHeaderMatchExact)), "Exact", "RegularExpression")
			}
			if m == nil {
				continue
			}
			enum(r, place.Key("method").Key("type"), string(or(m.Type, gatewayv1.GRPCMethodMatchExact)), "Exact", "RegularExpression")
			if or(m.Service, "") == "" && or(m.Method, "") == "" {
				r.r.Reject(place.Key("method"), "One or both of 'service' or 'method' must be specified", "")
			}
			if exact := or(m.Type, gatewayv1.GRPCMethodMatchExact) == gatewayv1.GRPCMethodMatchExact; exact && strings.Contains(or(m.Service, "")+or(m.Method, ""), "/") {
				r.r.Reject(place.Key("method"), "service and method must not contain '/'", "")
			}
		}
		for j, f := range x.Filters {
			checkFilter(r, at.Item("filters", j), string(f.Type), map[string]bool{"RequestHeaderModifier": f.RequestHeaderModifier != nil,
				"ResponseHeaderModifier": f.ResponseHeaderModifier != nil, "RequestMirror": f.RequestMirror != nil, "ExtensionRef": f.ExtensionRef != nil})
		}
		for j := range x.BackendRefs {
			checkRef(r, at.Item("backendRefs", j), &x.BackendRefs[j].BackendRef)
		}
	}
}

// checkRef checks a reference to a backend.
func checkRef(r *route, at rulekit.At, x *gatewayv1.BackendRef) {
	switch {
	case x.Name == "":
		r.r.Reject(at, "name: Required value", "")
	case x.Port == nil && or(x.Group, "") == "" && or(x.Kind, "Service") == "Service":
		r.r.Reject(at, "Must have port for Service reference", "")
	case or(x.Port, 1) < 1 || or(x.Port, 1) > 65535:
		r.r.Reject(at.Key("port"), fmt.Sprintf("Invalid value: %d: ports are 1 to 65535", *x.Port), "")
	}
	if w := or(x.Weight, 1); w < 0 || w > 1000000 {
		r.r.Reject(at.Key("weight"), fmt.Sprintf("Invalid value: %d: weights are 0 to 1000000", w), "")
	}
}

// wrongPath says what is wrong with a path, "" for nothing.
func wrongPath(p *gatewayv1.HTTPPathMatch) string {
	if p == nil {
		return ""
	}
	value := or(p.Value, "/")
	switch kind := or(p.Type, gatewayv1.PathMatchPathPrefix); kind {
	case gatewayv1.PathMatchRegularExpression:
		return ""
	case gatewayv1.PathMatchExact, gatewayv1.PathMatchPathPrefix:
	default:
		return unsupported(string(kind), []string{"Exact", "PathPrefix", "RegularExpression"})
	}
	if !strings.HasPrefix(value, "/") {
		return "value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']"
	}
	for _, part := range []string{"//", "/./", "/../", "%2f", "%2F", "#"} {
		if strings.Contains(value, part) {
			return "must not contain '" + part + "' when type one of ['Exact', 'PathPrefix']"
		}
	}
	for _, end := range []string{"/..", "/."} {
		if strings.HasSuffix(value, end) {
			return "must not end with '" + end + "' when type one of ['Exact', 'PathPrefix']"
		}
	}
	if ok, err := regexp.MatchString(`^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$`, value); !ok || err != nil {
		return fmt.Sprintf("Invalid value: %q: not the path of a URL", value)
	}
	return ""
}

func methods() []string {
	return []string{"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"}
}

func unsupported(value string, supported []string) string {
	return fmt.Sprintf(`Unsupported value: %q: supported values: "%s"`, value, strings.Join(supported, `", "`))
}

func enum(r *route, at rulekit.At, value string, supported ...string) {
	if !slices.Contains(supported, value) {
		r.r.Reject(at, unsupported(value, supported), "")
	}
}
