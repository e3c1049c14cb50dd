package gatewayapi

import (
	"fmt"
	"strings"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// filters is what the filters of a rule, or of a backend, do.
type filters struct {
	rewrite  *model.Rewrite
	redirect *model.RouteAction // answers every request
	mirrors  []model.RouteBackend
	gate     *model.Reason
	fail     *model.RouteAction // what a filter that cannot be applied answers
	cors     *gatewayv1.HTTPCORSFilter
	corsAt   rulekit.At
}

// change returns the rewrite to add to.
func (f *filters) change(at rulekit.At) *model.Rewrite {
	if f.rewrite == nil {
		f.rewrite = &model.Rewrite{SetOrigins: at.Origin()}
	}
	return f.rewrite
}

// broken answers requests with an error in place of a filter that is not applied.
func (f *filters) broken(why string, at rulekit.At) {
	if f.fail == nil {
		f.fail = &model.RouteAction{Kind: model.RouteRespond, Status: 500, Why: why, Origin: at.Origin()}
	}
}

// httpFilters reads the filters at "filters" under a place, for a rule whose match
// has a prefix.
func (c *compiler) httpFilters(list []gatewayv1.HTTPRouteFilter, parent rulekit.At, prefix string) *filters {
	f := &filters{}
	for i := range list {
		x, at := &list[i], parent.Item("filters", i)
		switch {
		case x.RequestHeaderModifier != nil:
			headers(f.change(at), x.RequestHeaderModifier)
		case x.ResponseHeaderModifier != nil:
			f.change(at).Response = headerChange(x.ResponseHeaderModifier)
		case x.URLRewrite != nil:
			rewriteURL(f.change(at), x.URLRewrite, prefix)
		case x.RequestRedirect != nil:
			f.redirect = redirect(x.RequestRedirect, prefix, at)
		case x.RequestMirror != nil:
			c.mirror(f, x.RequestMirror, at)
		case x.CORS != nil:
			f.cors, f.corsAt = x.CORS, at
		case x.ExternalAuth != nil:
			c.externalAuth(f, x.ExternalAuth, at)
		case x.ExtensionRef != nil:
			c.extension(f, x.ExtensionRef, at)
		}
	}
	return f
}

// grpcFilters reads the filters of a GRPCRoute.
func (c *compiler) grpcFilters(list []gatewayv1.GRPCRouteFilter, parent rulekit.At) *filters {
	f := &filters{}
	for i := range list {
		x, at := &list[i], parent.Item("filters", i)
		switch {
		case x.RequestHeaderModifier != nil:
			headers(f.change(at), x.RequestHeaderModifier)
		case x.ResponseHeaderModifier != nil:
			f.change(at).Response = headerChange(x.ResponseHeaderModifier)
		case x.RequestMirror != nil:
			c.mirror(f, x.RequestMirror, at)
		case x.ExtensionRef != nil:
			c.extension(f, x.ExtensionRef, at)
		}
	}
	return f
}

// headers changes request headers.
func headers(w *model.Rewrite, x *gatewayv1.HTTPHeaderFilter) {
	c := headerChange(x)
	w.Set, w.Add, w.Remove = c.Set, c.Add, c.Remove
}

// headerChange reads a change of headers; of entries of one name the first counts.
func headerChange(x *gatewayv1.HTTPHeaderFilter) *model.HeaderChange {
	out := &model.HeaderChange{}
	put := func(into *map[string]string, list []gatewayv1.HTTPHeader) {
		for _, h := range list {
			key := strings.ToLower(string(h.Name))
			if *into == nil {
				*into = map[string]string{}
			}
			if _, have := (*into)[key]; !have {
				(*into)[key] = h.Value
			}
		}
	}
	put(&out.Set, x.Set)
	put(&out.Add, x.Add)
	for _, name := range x.Remove {
		out.Remove = append(out.Remove, strings.ToLower(name))
	}
	return out
}

func rewriteURL(w *model.Rewrite, x *gatewayv1.HTTPURLRewriteFilter, prefix string) {
	w.Host = string(or(x.Hostname, ""))
	replacePath(w, x.Path, prefix)
}

func replacePath(w *model.Rewrite, p *gatewayv1.HTTPPathModifier, prefix string) {
	switch {
	case p == nil:
	case p.Type == gatewayv1.PrefixMatchHTTPPathModifier:
		w.HasPrefix, w.Matched, w.Prefix = true, prefix, or(p.ReplacePrefixMatch, "")
	default:
		if w.Path = or(p.ReplaceFullPath, ""); !strings.HasPrefix(w.Path, "/") {
			w.Path = "/" + w.Path
		}
	}
}

// redirect answers with another location.
func redirect(x *gatewayv1.HTTPRequestRedirectFilter, prefix string, at rulekit.At) *model.RouteAction {
	to := &model.Redirect{Scheme: or(x.Scheme, ""), Port: uint16(or(x.Port, 0))}
	to.Rewrite.Host = string(or(x.Hostname, ""))
	replacePath(&to.Rewrite, x.Path, prefix)
	return &model.RouteAction{Kind: model.RouteRedirect, Status: or(x.StatusCode, 302), Redirect: to, Origin: at.Origin()}
}

// mirror adds a copy; one that goes nowhere is dropped and told.
func (c *compiler) mirror(f *filters, x *gatewayv1.HTTPRequestMirrorFilter, at rulekit.At) {
	b := c.backend(&backendRef{ref: gatewayv1.BackendRef{BackendObjectReference: x.BackendRef}, at: at.Key("requestMirror").Key("backendRef")})
	if b.Copied = mirroredShare(x); b.Fail == 0 && b.Copied > 0 {
		f.mirrors = append(f.mirrors, b)
	}
}

// mirroredShare is the share of requests that are copied.
func mirroredShare(x *gatewayv1.HTTPRequestMirrorFilter) float64 {
	switch {
	case x.Percent != nil:
		return float64(*x.Percent) / 100
	case x.Fraction != nil:
		return float64(x.Fraction.Numerator) / float64(max(1, or(x.Fraction.Denominator, 100)))
	}
	return 1
}

// externalAuth asks another service about each request: its answer is not in the
// snapshot. What cannot be asked answers no.
func (c *compiler) externalAuth(f *filters, x *gatewayv1.HTTPExternalAuthFilter, at rulekit.At) {
	b := c.backend(&backendRef{ref: gatewayv1.BackendRef{BackendObjectReference: x.BackendRef}, at: at.Key("externalAuth").Key("backendRef")})
	if b.Fail != 0 {
		f.broken("the external authorization fails closed: "+b.Why, at)
		return
	}
	f.gate = &model.Reason{Kind: model.MissingFact, Confidence: model.Source, Origin: at.Origin(),
		Text: "whether the request passes is for the external authorization " + b.Name + " to say"}
}

// extension is a filter of an implementation, which the API says must not be
// skipped where it is not known.
func (c *compiler) extension(f *filters, x *gatewayv1.LocalObjectReference, at rulekit.At) {
	kind := kindText(string(x.Group), string(x.Kind))
	f.broken(fmt.Sprintf("the filter %s %s is an extension that is not known, and must not be skipped", kind, x.Name), at)
	c.r.r.AddGap(model.Gap{Origin: at.Origin(), MayAllow: true, Text: "an implementation that knows the filter " + kind + " applies it in place of the error"})
}

// preflights puts before each match what answers the preflight requests of CORS in
// its place.
func (f *filters) preflights(list []match) []match {
	if f.cors == nil {
		return list
	}
	var out []match
	for _, m := range list {
		out = append(append(out, corsMatches(f, m)...), m)
	}
	return out
}

// corsMatches are the preflight requests of a match: those of allowed origins get
// 204; others get 204 without headers, or 403.
func corsMatches(f *filters, m match) []match {
	at := f.corsAt
	preflight := model.AllOf(m.when, placed(model.Match(model.AttrMethod, "", model.Pattern{Value: "OPTIONS"}), at),
		placed(model.Match(model.AttrHeader, "origin", model.Pattern{Kind: model.PatternPresent}), at),
		placed(model.Match(model.AttrHeader, "access-control-request-method", model.Pattern{Kind: model.PatternPresent}), at))
	ok := &model.RouteAction{Kind: model.RouteRespond, Status: 204, Why: "the gateway answers the preflight request of CORS itself", Origin: at.Origin()}
	refused := &model.RouteAction{Kind: model.RouteRespond, Status: 403, Why: "the origin is not one that CORS allows", Origin: at.Origin()}
	open := &model.Reason{Kind: model.UndefinedByAPI, Confidence: model.Source, Origin: at.Origin(),
		Text: "a preflight request of an origin that is not allowed is answered 204 without the headers of CORS, or 403"}
	var origins []model.Pattern
	for _, o := range f.cors.AllowOrigins {
		origins = append(origins, originPattern(string(o)))
	}
	allowed := placed(model.Match(model.AttrHeader, "origin", origins...), at)
	foreign := model.AllOf(preflight, model.NotCond(allowed), model.Unknown(open))
	with := func(when *model.Cond, a *model.RouteAction, at rulekit.At) match {
		n := m
		n.when, n.action, n.at = when, a, at
		return n
	}
	return []match{with(foreign, refused, at.Key("cors").Key("allowOrigins")), with(preflight, ok, at)}
}

// originPattern is an origin, in which a wildcard stands for any labels.
func originPattern(o string) model.Pattern {
	if o == "*" {
		return model.Pattern{Kind: model.PatternPresent}
	}
	if !strings.Contains(o, "*") {
		return model.Pattern{Value: o, Fold: true}
	}
	before, after, _ := strings.Cut(o, "*")
	return model.Pattern{Kind: model.PatternRegexp, Value: "(?i)" + quote(before) + ".+" + quote(after), Shown: o}
}
