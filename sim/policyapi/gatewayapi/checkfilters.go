package gatewayapi

import (
	"slices"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// checkHTTPFilters checks the filters at "filters" under a place; prefix tells
// whether the rule has the one prefix that a replacement of it needs.
func checkHTTPFilters(r *route, parent rulekit.At, list []gatewayv1.HTTPRouteFilter, prefix bool) {
	seen := map[gatewayv1.HTTPRouteFilterType]bool{}
	for i := range list {
		f, at := &list[i], parent.Item("filters", i)
		checkFilter(r, at, string(f.Type), map[string]bool{"RequestHeaderModifier": f.RequestHeaderModifier != nil,
			"ResponseHeaderModifier": f.ResponseHeaderModifier != nil, "RequestMirror": f.RequestMirror != nil,
			"RequestRedirect": f.RequestRedirect != nil, "URLRewrite": f.URLRewrite != nil, "CORS": f.CORS != nil,
			"ExternalAuth": f.ExternalAuth != nil, "ExtensionRef": f.ExtensionRef != nil})
		if seen[f.Type] && f.Type != gatewayv1.HTTPRouteFilterRequestMirror && f.Type != gatewayv1.HTTPRouteFilterExtensionRef && f.Type != gatewayv1.HTTPRouteFilterExternalAuth {
			r.r.Reject(at, string(f.Type)+" filter cannot be repeated", "")
		}
		seen[f.Type] = true
		checkChanges(r, at, f, prefix)
	}
	if seen[gatewayv1.HTTPRouteFilterRequestRedirect] && seen[gatewayv1.HTTPRouteFilterURLRewrite] {
		r.r.Reject(parent.Key("filters"), "May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both", "")
	}
}

// checkChanges checks what redirects and rewrites say.
func checkChanges(r *route, at rulekit.At, f *gatewayv1.HTTPRouteFilter, prefix bool) {
	var path *gatewayv1.HTTPPathModifier
	switch {
	case f.RequestRedirect != nil:
		x, place := f.RequestRedirect, at.Key("requestRedirect")
		enum(r, place.Key("scheme"), or(x.Scheme, "http"), "http", "https")
		if code := or(x.StatusCode, 302); !slices.Contains([]int{301, 302, 303, 307, 308}, code) {
			r.r.Reject(place.Key("statusCode"), "Unsupported value: supported values: 301, 302, 303, 307, 308", "")
		}
		checkHost(&r.object, place.Key("hostname"), (*gatewayv1.Hostname)(x.Hostname))
		path, at = x.Path, place.Key("path")
	case f.URLRewrite != nil:
		checkHost(&r.object, at.Key("urlRewrite").Key("hostname"), (*gatewayv1.Hostname)(f.URLRewrite.Hostname))
		path, at = f.URLRewrite.Path, at.Key("urlRewrite").Key("path")
	}
	if path == nil {
		return
	}
	enum(r, at.Key("type"), string(path.Type), "ReplaceFullPath", "ReplacePrefixMatch")
	switch full := path.Type == gatewayv1.FullPathHTTPPathModifier; {
	case full && (path.ReplaceFullPath == nil || path.ReplacePrefixMatch != nil):
		r.r.Reject(at, "replaceFullPath must be specified when type is set to 'ReplaceFullPath'", "")
	case !full && (path.ReplacePrefixMatch == nil || path.ReplaceFullPath != nil):
		r.r.Reject(at, "replacePrefixMatch must be specified when type is set to 'ReplacePrefixMatch'", "")
	case !full && !prefix:
		r.r.Reject(at, "When using replacePrefixMatch, exactly one PathPrefix match must be specified", "")
	}
}

// checkFilter checks that a filter sets what its type says and nothing else.
func checkFilter(r *route, at rulekit.At, kind string, set map[string]bool) {
	if _, known := set[kind]; !known {
		names := make([]string, 0, len(set))
		for name := range set {
			names = append(names, name)
		}
		slices.Sort(names)
		r.r.Reject(at.Key("type"), unsupported(kind, names), "")
		return
	}
	for name, have := range set {
		field := string(name[0]|0x20) + name[1:]
		switch {
		case name == "URLRewrite":
			field = "urlRewrite"
		case name == "CORS":
			field = "cors"
		}
		switch {
		case name == kind && !have:
			r.r.Reject(at, "filter."+field+" must be specified for "+kind+" filter.type", "")
		case name != kind && have:
			r.r.Reject(at, "filter."+field+" must be nil if the filter.type is not "+name, "")
		}
	}
}
