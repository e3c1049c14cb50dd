package istio

import (
	"fmt"
	"maps"
	"slices"

	rbacv3 "github.com/envoyproxy/go-control-plane/envoy/config/rbac/v3"
	uritemplatev3 "github.com/envoyproxy/go-control-plane/envoy/extensions/path/match/uri_template/v3"
	"google.golang.org/protobuf/proto"
)

// envoy evaluates configuration. The first thing that it does not know is an
// error, and no answer counts then.
type envoy struct {
	regexps *regexps
	err     error
	// refused: a template was met that Envoy refuses, with all the configuration
	// around it; assume is what it was taken to say.
	refused, assume bool
}

func (e *envoy) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

func (e *envoy) unknown(what string, m proto.Message) bool {
	e.fail(fmt.Errorf("%s not evaluated here: %v", what, m))
	return false
}

// matchingPolicy returns the name of the first policy, by name, that matches.
func (e *envoy) matchingPolicy(r *rbacv3.RBAC, c *conn) (string, bool) {
	for _, name := range slices.Sorted(maps.Keys(r.GetPolicies())) {
		p := r.GetPolicies()[name]
		if p.GetCondition() != nil || p.GetCheckedCondition() != nil {
			e.unknown("condition", p)
		}
		if anyOf(p.GetPermissions(), func(x *rbacv3.Permission) bool { return e.permission(x, c) }) &&
			anyOf(p.GetPrincipals(), func(x *rbacv3.Principal) bool { return e.principal(x, c) }) {
			return name, true
		}
	}
	return "", false
}

// rbacAllows tells whether rules let a connection on; no rules do.
func (e *envoy) rbacAllows(r *rbacv3.RBAC, c *conn) bool {
	if r == nil {
		return true
	}
	_, matches := e.matchingPolicy(r, c)
	switch r.GetAction() {
	case rbacv3.RBAC_ALLOW:
		return matches
	case rbacv3.RBAC_DENY:
		return !matches
	}
	return true // LOG
}

func anyOf[T any](list []T, holds func(T) bool) bool { return slices.ContainsFunc(list, holds) }

func allOf[T any](list []T, holds func(T) bool) bool {
	return !slices.ContainsFunc(list, func(x T) bool { return !holds(x) })
}

// permission evaluates Envoy's Permission.
func (e *envoy) permission(p *rbacv3.Permission, c *conn) bool {
	each := func(x *rbacv3.Permission) bool { return e.permission(x, c) }
	switch r := p.GetRule().(type) {
	case *rbacv3.Permission_Any:
		return r.Any
	case *rbacv3.Permission_AndRules:
		return allOf(r.AndRules.GetRules(), each)
	case *rbacv3.Permission_OrRules:
		return anyOf(r.OrRules.GetRules(), each)
	case *rbacv3.Permission_NotRule:
		return !e.permission(r.NotRule, c)
	case *rbacv3.Permission_DestinationIp:
		return e.inRange(r.DestinationIp, c.local)
	case *rbacv3.Permission_DestinationPort:
		return r.DestinationPort == uint32(c.port)
	case *rbacv3.Permission_RequestedServerName:
		return e.stringMatches(r.RequestedServerName, c.sni)
	case *rbacv3.Permission_Metadata:
		return e.metadataMatches(r.Metadata, c)
	case *rbacv3.Permission_Header:
		return e.headerMatches(r.Header, c.request)
	case *rbacv3.Permission_UrlPath:
		return c.request != nil && e.stringMatches(r.UrlPath.GetPath(), c.request.pathOnly())
	case *rbacv3.Permission_UriTemplate:
		t := &uritemplatev3.UriTemplateMatchConfig{}
		if err := r.UriTemplate.GetTypedConfig().UnmarshalTo(t); err != nil {
			e.fail(err)
			return false
		}
		return c.request != nil && e.templateMatches(t.GetPathTemplate(), c.request.pathOnly())
	}
	return e.unknown("permission", p)
}

// principal evaluates Envoy's Principal.
func (e *envoy) principal(p *rbacv3.Principal, c *conn) bool {
	each := func(x *rbacv3.Principal) bool { return e.principal(x, c) }
	switch r := p.GetIdentifier().(type) {
	case *rbacv3.Principal_Any:
		return r.Any
	case *rbacv3.Principal_AndIds:
		return allOf(r.AndIds.GetIds(), each)
	case *rbacv3.Principal_OrIds:
		return anyOf(r.OrIds.GetIds(), each)
	case *rbacv3.Principal_NotId:
		return !e.principal(r.NotId, c)
	case *rbacv3.Principal_Authenticated_:
		return c.tls && e.stringMatches(r.Authenticated.GetPrincipalName(), c.identity)
	case *rbacv3.Principal_DirectRemoteIp:
		return e.inRange(r.DirectRemoteIp, c.peer)
	case *rbacv3.Principal_RemoteIp:
		return e.inRange(r.RemoteIp, c.remote)
	case *rbacv3.Principal_Header:
		return e.headerMatches(r.Header, c.request)
	case *rbacv3.Principal_Metadata:
		return e.metadataMatches(r.Metadata, c)
	}
	return e.unknown("principal", p)
}
