package istio_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/model"
)

// TestProxyless: which pods of the mesh have no proxy, and what they announce.
func TestProxyless(t *testing.T) {
	const agent = "{containers: [{name: c}, {name: istio-proxy, env: [{name: ISTIO_META_GENERATOR, value: %s}]}]}"
	for _, c := range []struct {
		name, labels, annotations, spec, mesh string
		want, announced                       bool
	}{
		{"template", "{sidecar.istio.io/inject: 'true'}", "{inject.istio.io/templates: grpc-agent}", "{containers: [{name: c}]}", "", true, false},
		{"template without agent", "{sidecar.istio.io/inject: 'true'}", "{inject.istio.io/templates: grpc-simple}", "{containers: [{name: c}]}", "", true, false},
		{"label", "{sidecar.istio.io/inject: 'true', security.istio.io/tlsMode: istio}", "{inject.istio.io/templates: grpc-agent}", "{containers: [{name: c}]}", "", true, true},
		{"agent", "{}", "{}", fmt.Sprintf(agent, "grpc"), "", true, false},
		{"another generator", "{}", "{inject.istio.io/templates: grpc-agent}", fmt.Sprintf(agent, "api"), "", false, false},
		{"sidecar", "{}", "{}", "{containers: [{name: c}, {name: istio-proxy}]}", "", false, false},
		{"asked for", "{sidecar.istio.io/inject: 'true'}", "{}", "{containers: [{name: c}]}", "istio-proxyless", true, false},
		{"asked for, another template", "{sidecar.istio.io/inject: 'true'}", "{inject.istio.io/templates: sidecar}", "{containers: [{name: c}]}", "istio-proxyless", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := fmt.Sprintf("apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: t, labels: %s, annotations: %s}\nspec: %s\n"+
				"---\napiVersion: v1\nkind: Namespace\nmetadata: {name: t}\n", c.labels, c.annotations, c.spec)
			p := assemble(t, text, c.mesh).Proxies[0]
			if p == nil || p.Proxyless != c.want || p.Announced != c.announced {
				t.Errorf("got %+v", p)
			}
		})
	}
}

// TestPoliciesWithoutEffect: what has none on workloads without a proxy is told,
// and is still there for those with one.
func TestPoliciesWithoutEffect(t *testing.T) {
	const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: t, labels: {sidecar.istio.io/inject: 'true'}, annotations: {inject.istio.io/templates: grpc-agent}}\n" +
		"spec: {containers: [{name: c}]}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: t}\n---\n"
	for spec, want := range map[string]string{
		"{}": "[P1]", "{action: CUSTOM, provider: {name: x}, rules: [{}]}": "[P2]",
		"{action: DENY, rules: [{to: [{operation: {paths: ['/a/{*}']}}]}]}": "[P3]",
	} {
		out := assemble(t, pod+"apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: x, namespace: t}\nspec: "+spec+"\n", "")
		told := false
		for _, p := range out.Problems {
			told = told || strings.Contains(p.Message, want) && p.Severity == model.Warning
		}
		if !told {
			t.Errorf("%s: no warning %s in %v", spec, want, out.Problems)
		}
		count := func(tiers []model.Tier) (n int) {
			for i := range tiers {
				n += len(tiers[i].Policies)
			}
			return n
		}
		if count(out.Mesh.Request) != 1 || count(out.Mesh.Proxyless.Tiers) != 0 || (len(out.Mesh.Proxyless.Refused) == 1) != (want == "[P3]") {
			t.Errorf("%s: %+v", spec, out.Mesh)
		}
	}
}
