package istio

import (
	"fmt"

	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	extauthzhttpv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/ext_authz/v3"
	jwtv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/jwt_authn/v3"
	rbachttpv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/rbac/v3"
	extauthztcpv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/ext_authz/v3"
	hcmv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	rbactcpv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/rbac/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/structpb"

	rbacv3 "github.com/envoyproxy/go-control-plane/envoy/config/rbac/v3"
)

// stage is what decides a flow.
type stage string

// The stages, in order.
const (
	passes    stage = ""
	atTLS     stage = "mutual TLS"
	atToken   stage = "token"
	atRules   stage = "authorization"
	atService stage = "external authorizer" // asked, and nothing else denies
	noRequest stage = "no request"          // the chain wants one
)

// answer is what becomes of a flow at a workload's proxy.
type answer struct {
	stage  stage
	status int // that an HTTP client is answered with, 0 for a closed connection
	http   bool
	asked  bool // an external authorizer before it, which may answer otherwise
	// refused: a template decides that Envoy refuses.
	refused bool
}

func (a answer) String() string {
	switch {
	case a.stage == passes:
		return "allowed"
	case a.stage == noRequest:
		return "depends on the request"
	case a.stage == atService:
		return "asks an external authorizer"
	case a.status > 0:
		return fmt.Sprintf("denied with %d at %s", a.status, a.stage)
	}
	return fmt.Sprintf("denied at %s", a.stage)
}

// decide is what a listener does with a connection. It changes the connection's
// path and metadata, as Envoy does.
func (e *envoy) decide(l *listenerv3.Listener, c *conn) answer {
	fc, err := chainFor(l, c)
	if err != nil {
		e.fail(err)
		return answer{}
	}
	if fc == nil || c.tls && !c.opaque && fc.GetTransportSocket() == nil {
		return answer{stage: atTLS} // without TLS settings a chain passes the handshake to the application
	}
	asked := false
	for _, f := range fc.GetFilters() {
		switch cfg := unpack(f.GetTypedConfig()).(type) {
		case *hcmv3.HttpConnectionManager:
			return e.decideHTTP(cfg, c)
		case *rbactcpv3.RBAC:
			if !e.rbacAllows(cfg.GetRules(), c) {
				return answer{stage: atRules}
			}
			e.shadow(cfg.GetShadowRules(), cfg.GetShadowRulesStatPrefix(), "envoy.filters.network.rbac", c)
		case *extauthztcpv3.ExtAuthz:
			asked = asked || e.metadataMatches(cfg.GetFilterEnabledMetadata(), c)
		default:
			e.passive(f.GetTypedConfig(), f.GetName())
		}
	}
	if asked {
		return answer{stage: atService}
	}
	return answer{}
}

// decideHTTP is what an HTTP connection manager does with the request.
func (e *envoy) decideHTTP(h *hcmv3.HttpConnectionManager, c *conn) answer {
	if c.request == nil {
		return answer{stage: noRequest, http: true}
	}
	e.prepare(h, c)
	asked := false
	for _, f := range h.GetHttpFilters() {
		switch cfg := unpack(f.GetTypedConfig()).(type) {
		case *jwtv3.JwtAuthentication:
			if status := e.jwtAuthn(cfg, c); status > 0 {
				return answer{stage: atToken, status: status, http: true, asked: asked}
			}
		case *rbachttpv3.RBAC:
			if !e.rbacAllows(cfg.GetRules(), c) {
				return answer{stage: atRules, status: 403, http: true, asked: asked}
			}
			e.shadow(cfg.GetShadowRules(), cfg.GetShadowRulesStatPrefix(), "envoy.filters.http.rbac", c)
		case *extauthzhttpv3.ExtAuthz:
			asked = asked || e.metadataMatches(cfg.GetFilterEnabledMetadata(), c)
		default:
			e.passive(f.GetTypedConfig(), f.GetName())
		}
	}
	if asked {
		return answer{stage: atService, http: true}
	}
	return answer{http: true}
}

// shadow notes which of the shadow rules' policies matches.
func (e *envoy) shadow(r *rbacv3.RBAC, prefix, filter string, c *conn) {
	if r == nil {
		return
	}
	if name, ok := e.matchingPolicy(r, c); ok {
		m := c.metadata[filter]
		if m == nil {
			m = &structpb.Struct{Fields: map[string]*structpb.Value{}}
			c.metadata[filter] = m
		}
		m.Fields[prefix+"shadow_effective_policy_id"] = structpb.NewStringValue(name)
	}
}

func unpack(a *anypb.Any) proto.Message {
	m, err := a.UnmarshalNew()
	if err != nil {
		return nil
	}
	return m
}

// passive filters let everything on: they measure, route or proxy.
func (e *envoy) passive(a *anypb.Any, name string) {
	switch name {
	case "istio.metadata_exchange", "envoy.filters.network.tcp_proxy", "envoy.filters.network.mongo_proxy", "envoy.filters.http.router", "envoy.filters.http.fault",
		"envoy.filters.http.cors", "istio.stats", "envoy.filters.http.grpc_stats", "istio.alpn", "envoy.filters.http.grpc_web", "envoy.filters.http.peer_metadata":
		return
	}
	e.fail(fmt.Errorf("filter %s not evaluated here: %s", name, a.GetTypeUrl()))
}
