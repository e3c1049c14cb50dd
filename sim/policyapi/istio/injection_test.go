package istio_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// TestInjection: who gets a sidecar, by the labels of namespace and pod, the
// annotations and the containers.
func TestInjection(t *testing.T) {
	const yes, no, maybe = algebra.Yes, algebra.No, algebra.Maybe
	for _, c := range []struct {
		name, namespace, labels, annotations, spec string
		want                                       algebra.Tri
	}{
		{"nothing said", "{}", "{}", "{}", "{containers: [{name: c}]}", no},
		{"namespace", "{istio-injection: enabled}", "{}", "{}", "{containers: [{name: c}]}", yes},
		{"namespace off", "{istio-injection: disabled}", "{sidecar.istio.io/inject: 'true'}", "{}", "{containers: [{name: c}]}", no},
		{"revision", "{istio.io/rev: canary}", "{}", "{}", "{containers: [{name: c}]}", yes},
		{"injection before revision", "{istio.io/rev: canary, istio-injection: disabled}", "{}", "{}", "{containers: [{name: c}]}", no},
		{"pod off", "{istio-injection: enabled}", "{sidecar.istio.io/inject: 'false'}", "{}", "{containers: [{name: c}]}", no},
		{"pod off by annotation", "{istio-injection: enabled}", "{}", "{sidecar.istio.io/inject: 'false'}", "{containers: [{name: c}]}", no},
		{"label before annotation", "{istio-injection: enabled}", "{sidecar.istio.io/inject: 'true'}", "{sidecar.istio.io/inject: 'false'}", "{containers: [{name: c}]}", yes},
		{"pod on", "{}", "{sidecar.istio.io/inject: 'true'}", "{}", "{containers: [{name: c}]}", yes},
		{"annotation alone", "{}", "{}", "{sidecar.istio.io/inject: 'true'}", "{containers: [{name: c}]}", no},
		{"pod revision", "{}", "{istio.io/rev: canary}", "{}", "{containers: [{name: c}]}", yes},
		{"host network", "{istio-injection: enabled}", "{}", "{}", "{hostNetwork: true, containers: [{name: c}]}", no},
		{"container", "{}", "{}", "{}", "{containers: [{name: c}, {name: istio-proxy}]}", yes},
		{"init container", "{}", "{}", "{}", "{containers: [{name: c}], initContainers: [{name: istio-proxy, restartPolicy: Always}]}", yes},
		{"status", "{}", "{}", "{sidecar.istio.io/status: '{}'}", "{containers: [{name: c}]}", yes},
		{"namespace not known", "", "{}", "{}", "{containers: [{name: c}]}", maybe},
		{"namespace not known, pod off", "", "{sidecar.istio.io/inject: 'false'}", "{}", "{containers: [{name: c}]}", no},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := fmt.Sprintf("apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: t, labels: %s, annotations: %s}\nspec: %s\n", c.labels, c.annotations, c.spec)
			if c.namespace != "" {
				text += "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: t, labels: " + c.namespace + "}\n"
			}
			p := assemble(t, text, "istio-sidecar").Proxies[0]
			got := no
			if p != nil {
				got = p.Sidecar
			}
			if got != c.want {
				t.Errorf("got %v, want %v (%+v)", got, c.want, p)
			}
			if got == maybe && p.Reason == nil {
				t.Error("maybe, without a reason")
			}
		})
	}
}

func TestATemplateIsInjected(t *testing.T) {
	text := "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: p, namespace: t}\nspec: {template: {metadata: {annotations: {traffic.sidecar.istio.io/excludeOutboundPorts: '5432'}}, spec: {serviceAccountName: x, containers: [{name: c}]}}}\n" +
		"---\napiVersion: v1\nkind: Namespace\nmetadata: {name: t, labels: {istio-injection: enabled}}\n"
	p := assemble(t, text, "").Proxies[0]
	if p == nil || p.Sidecar != algebra.Yes || !slices.Equal(p.ExcludeOut, []model.PortRange{{Low: 5432, High: 5432}}) {
		t.Errorf("got %+v", p)
	}
}

// TestCapture: what goes past the proxy, by annotations or by what the init
// container ran with.
func TestCapture(t *testing.T) {
	pod := func(annotations, init string) *model.Proxy {
		text := fmt.Sprintf("apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: t, annotations: %s}\nspec: {containers: [{name: istio-proxy}], initContainers: [%s]}\n", annotations, init)
		return assemble(t, text, "").Proxies[0]
	}
	in := func(list []model.PortRange, p uint16) bool {
		return slices.ContainsFunc(list, func(r model.PortRange) bool { return r.Low <= p && p <= r.High })
	}
	p := pod("{traffic.sidecar.istio.io/excludeInboundPorts: '22, 23'}", "")
	if !in(p.ExcludeIn, 22) || !in(p.ExcludeIn, 15020) || in(p.ExcludeIn, 80) {
		t.Errorf("excluded inbound: %v", p.ExcludeIn)
	}
	p = pod("{traffic.sidecar.istio.io/includeInboundPorts: '80', traffic.sidecar.istio.io/includeOutboundIPRanges: 10.0.0.0/8}", "")
	if in(p.ExcludeIn, 80) || !in(p.ExcludeIn, 81) || p.ExcludeOutAddrs.String() == "" {
		t.Errorf("included: %+v", p)
	}
	p = pod("{traffic.sidecar.istio.io/excludeOutboundPorts: '1'}", "{name: istio-init, args: [istio-iptables, -p, '15001', -i, '*', -x, 192.0.2.0/24, -b, '*', -d, '15090,15021,22', -o, '5432']}")
	if !in(p.ExcludeIn, 22) || !in(p.ExcludeOut, 5432) || in(p.ExcludeOut, 1) || p.ExcludeOutAddrs.String() != "192.0.2.0-192.0.2.255" {
		t.Errorf("by the init container: %+v", p)
	}
	out := assemble(t, "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: t, annotations: {traffic.sidecar.istio.io/excludeInboundPorts: web}}\nspec: {containers: [{name: istio-proxy}]}\n", "")
	if len(out.Problems) != 1 || !strings.Contains(out.Problems[0].Message, `"web" is not a port`) {
		t.Errorf("want one problem, got %v", out.Problems)
	}
}
