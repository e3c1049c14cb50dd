package istio

import (
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	networkingv1 "istio.io/api/networking/v1alpha3"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// delegate returns the rules of a route that another VirtualService holds: each of
// that one's routes within what the root's route matches. A route that matches more
// than the root's has no effect (pilot/pkg/model MergeHTTPRoutes).
func (v *routes) delegate(at rulekit.At, root *networkingv1.HTTPRoute) []model.RouteRule {
	d := root.GetDelegate()
	ns := d.GetNamespace()
	if ns == "" {
		ns = v.r.Object.Namespace
	}
	o := v.b.virtualServiceNamed(ns, d.GetName())
	if o == nil {
		v.r.Warn(at.Key("delegate"), "there is no VirtualService "+ns+"/"+d.GetName()+": the route has no effect", "")
		return nil
	}
	var p networkingv1.VirtualService
	r := rulekit.New(v.b.ctx, o)
	if !read(r, &p) { // told where the object itself is read
		return nil
	}
	switch {
	case len(p.GetHosts()) > 0:
		v.r.Warn(at.Key("delegate"), "VirtualService "+ns+"/"+d.GetName()+" has hosts and is no delegate: the route has no effect", "")
		return nil
	case !exported(exportTo(p.GetExportTo(), v.b.config.routes), ns, v.r.Object.Namespace):
		v.r.Warn(at.Key("delegate"), "VirtualService "+ns+"/"+d.GetName()+" is not exported to namespace "+v.r.Object.Namespace+": the route has no effect", "")
		return nil
	}
	inner := &routes{b: v.b, r: r}
	var out []model.RouteRule
	for i, x := range p.GetHttp() {
		place := r.Root().Key("spec").Item("http", i)
		merged, ok := mergeRoute(root, x)
		if !ok {
			v.r.Warn(at.Key("delegate"), "a route of "+ns+"/"+d.GetName()+" matches more than this one and has no effect: "+place.Path(), "")
			continue
		}
		out = append(out, inner.http(place, merged)...)
	}
	if r.Open() {
		for i := range out {
			out[i].Uncertain = r.OpenReason()
		}
	}
	return out
}

func exported(x model.Export, owner, to string) bool {
	return len(x.Namespaces) == 0 && !x.Nobody || owner == to && slices.Contains(x.Namespaces, ".") || slices.Contains(x.Namespaces, to)
}

func (b *builder) virtualServiceNamed(namespace, name string) *model.Object {
	i := slices.IndexFunc(b.in.Objects, func(o *model.Object) bool {
		return o.Kind == "VirtualService" && o.Namespace == namespace && o.Name == name
	})
	if i < 0 {
		return nil
	}
	return b.in.Objects[i]
}

// mergeRoute is a delegate's route inside a root's: what it does not say itself it
// has from the root.
func mergeRoute(root, leaf *networkingv1.HTTPRoute) (*networkingv1.HTTPRoute, bool) {
	out, _ := proto.Clone(leaf).(*networkingv1.HTTPRoute)
	if len(root.GetMatch()) > 0 {
		out.Match = root.GetMatch()
		if len(leaf.GetMatch()) > 0 {
			var ok bool
			if out.Match, ok = mergeMatches(root.GetMatch(), leaf.GetMatch()); !ok {
				return nil, false
			}
		}
	}
	if out.Rewrite == nil {
		out.Rewrite = root.GetRewrite()
	}
	if out.DirectResponse == nil {
		out.DirectResponse = root.GetDirectResponse()
	}
	if out.Fault == nil {
		out.Fault = root.GetFault()
	}
	if out.Mirror == nil {
		out.Mirror = root.GetMirror()
	}
	if out.Mirrors == nil {
		out.Mirrors = root.GetMirrors()
	}
	if out.Headers == nil {
		out.Headers = root.GetHeaders()
	}
	return out, true
}

// mergeMatches pairs every match of the delegate with the root's that it is part
// of; one that is part of none makes the route invalid.
func mergeMatches(roots, leaves []*networkingv1.HTTPMatchRequest) ([]*networkingv1.HTTPMatchRequest, bool) {
	var out []*networkingv1.HTTPMatchRequest
	for _, leaf := range leaves {
		before := len(out)
		for _, root := range roots {
			if within(root, leaf) {
				out = append(out, mergeMatch(root, leaf))
			}
		}
		if len(out) == before {
			return nil, false
		}
	}
	return out, true
}

func mergeMatch(root, leaf *networkingv1.HTTPMatchRequest) *networkingv1.HTTPMatchRequest {
	out, _ := proto.Clone(leaf).(*networkingv1.HTTPMatchRequest)
	for _, x := range []struct{ to, from **networkingv1.StringMatch }{{&out.Uri, &root.Uri}, {&out.Scheme, &root.Scheme}, {&out.Method, &root.Method}, {&out.Authority, &root.Authority}} {
		if *x.to == nil {
			*x.to = *x.from
		}
	}
	out.Headers = overlay(root.GetHeaders(), leaf.GetHeaders())
	out.WithoutHeaders = overlay(root.GetWithoutHeaders(), leaf.GetWithoutHeaders())
	out.QueryParams = overlay(root.GetQueryParams(), leaf.GetQueryParams())
	out.SourceLabels = overlay(root.GetSourceLabels(), leaf.GetSourceLabels())
	if out.Port == 0 {
		out.Port = root.GetPort()
	}
	if out.SourceNamespace == "" {
		out.SourceNamespace = root.GetSourceNamespace()
	}
	if len(out.Gateways) == 0 {
		out.Gateways = root.GetGateways()
	}
	return out
}

func overlay[V any](under, over map[string]V) map[string]V {
	out := map[string]V{}
	maps.Copy(out, under)
	maps.Copy(out, over)
	return out
}

// within tells whether a delegate's match can be part of a root's
// (pilot/pkg/model hasConflict).
func within(root, leaf *networkingv1.HTTPMatchRequest) bool {
	if outside(root.GetUri(), leaf.GetUri()) || outside(root.GetScheme(), leaf.GetScheme()) || outside(root.GetMethod(), leaf.GetMethod()) ||
		outside(root.GetAuthority(), leaf.GetAuthority()) || root.GetIgnoreUriCase() != leaf.GetIgnoreUriCase() ||
		root.GetPort() > 0 && leaf.GetPort() > 0 && root.GetPort() != leaf.GetPort() ||
		root.GetSourceNamespace() != "" && leaf.GetSourceNamespace() != root.GetSourceNamespace() {
		return false
	}
	for _, pair := range [][2]map[string]*networkingv1.StringMatch{
		{root.GetHeaders(), leaf.GetHeaders()}, {root.GetWithoutHeaders(), leaf.GetWithoutHeaders()}, {root.GetQueryParams(), leaf.GetQueryParams()},
	} {
		for k, x := range pair[1] {
			if outside(pair[0][k], x) {
				return false
			}
		}
	}
	for k, x := range leaf.GetSourceLabels() {
		if have, ok := root.GetSourceLabels()[k]; ok && have != x {
			return false
		}
	}
	return len(root.GetGateways()) == 0 ||
		!slices.ContainsFunc(leaf.GetGateways(), func(g string) bool { return !slices.Contains(root.GetGateways(), g) })
}

// outside tells whether a delegate's comparison is not part of a root's.
func outside(root, leaf *networkingv1.StringMatch) bool {
	switch {
	case root == nil || leaf == nil:
		return false
	case root.GetRegex() != "" || leaf.GetRegex() != "":
		return true
	case root.GetExact() != "":
		return leaf.GetPrefix() != "" || leaf.GetExact() != root.GetExact()
	case root.GetPrefix() != "" && leaf.GetPrefix()+leaf.GetExact() != "":
		return !strings.HasPrefix(leaf.GetPrefix()+leaf.GetExact(), root.GetPrefix())
	}
	return true
}
