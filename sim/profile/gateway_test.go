package profile_test

import (
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/profile"
)

func TestGatewayStatementsHaveEvidence(t *testing.T) {
	names, controllers := map[string]bool{}, map[string]string{}
	for _, p := range profile.Gateways() {
		if names[p.Name] || p.Name == "" || p.Title == "" || p.Version == "" {
			t.Errorf("%+v: name, title and version must be there, and the name once", p)
		}
		names[p.Name] = true
		for _, c := range p.Controllers {
			if controllers[c] != "" {
				t.Errorf("%s and %s serve the controller %s", controllers[c], p.Name, c)
			}
			controllers[c] = p.Name
		}
		for _, s := range []model.Statement{p.Listeners.Statement, p.SecureListeners.Statement, p.OtherHosts.Statement, p.NextHost.Statement,
			p.Expressions.Statement, p.Unreachable.Statement, p.MeshPolicies.Statement} {
			if s.Row == "" || s.Text == "" || s.Confidence == "" {
				t.Errorf("%s: a statement without row, mark or sentence: %+v", p.Name, s)
			}
		}
	}
}

func TestGatewayOf(t *testing.T) {
	for controller, want := range map[string]string{
		"istio.io/gateway-controller": "istio", "gateway.envoyproxy.io/gatewayclass-controller": "envoy-gateway", "io.cilium/gateway-controller": "cilium",
		"traefik.io/gateway-controller": "traefik", "example.net/controller": "gateway-api", "": "gateway-api",
		"istio.io/mesh-controller": "gateway-api", // waypoints
	} {
		if got := profile.GatewayOf(controller).Name; got != want {
			t.Errorf("%q: got the profile %s, want %s", controller, got, want)
		}
	}
	if p := profile.GatewayOf("example.net/controller"); p.MeshPolicies.Value != algebra.Maybe || p.Listeners.Value != model.ListenersOpen {
		t.Errorf("an implementation that is not known settles what it does: %+v", p)
	}
}
