package knp

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// TestEverythingOccurs: each form that an object may take turns up, as do all
// kinds of flow.
func TestEverythingOccurs(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(300) {
		c := generate(seed)
		seen[c.plugin]++
		seen[fmt.Sprintf("%+v", c.spelling)]++
		for _, o := range c.objects {
			m, err := toMap(o)
			if err != nil {
				t.Fatal(err)
			}
			note(seen, fmt.Sprint(m["kind"]), m["spec"])
		}
		for _, f := range flowsOf(c, seed, flowsPerCluster) {
			seen[kindOf(c, f)]++
		}
	}
	for _, form := range forms() {
		if seen[form] < 5 {
			t.Errorf("%s occurs %d times", form, seen[form])
		}
	}
}

// note counts the fields of a value, and the words in some of them.
func note(seen map[string]int, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, item := range v {
			seen[path+"."+k]++
			note(seen, path+"."+k, item)
		}
		if len(v) == 0 {
			seen[path+" {}"]++
		}
	case []any:
		for _, item := range v {
			note(seen, path, item)
		}
	case string:
		seen[path+"="+v]++
	}
}

func kindOf(c *cluster, f flow) string {
	end := func(p *corev1.Pod, node string) string {
		switch {
		case p != nil:
			return "pod"
		case node != "":
			return "node"
		}
		return "external"
	}
	return fmt.Sprintf("%s -> %s %s %q", end(c.podAt(f.src), c.nodeAt(f.src)), end(c.podAt(f.dst), c.nodeAt(f.dst)), f.family(), f.protocol)
}

// forms are what must occur.
func forms() []string {
	out := []string{pluginV1alpha1, pluginV1alpha2, "Pod.hostNetwork", "Pod.initContainers.ports.name"}
	for _, s := range []string{
		".podSelector {}", ".podSelector.matchLabels.app", ".podSelector.matchExpressions.operator=NotIn",
		".podSelector.matchExpressions.operator=DoesNotExist", ".policyTypes=Egress",
		".ingress {}", ".ingress.from.podSelector {}", ".ingress.from.namespaceSelector {}", ".ingress.from.ipBlock.except",
		".egress.to.ipBlock.except", ".egress.ports.endPort", ".ingress.ports.port=web", ".ingress.ports.protocol=SCTP", ".egress.ports.protocol=UDP",
	} {
		out = append(out, "NetworkPolicy"+s)
	}
	for _, s := range []string{
		".tier=Admin", ".tier=Baseline", ".subject.namespaces {}", ".subject.pods.podSelector", ".ingress.action=Pass", ".egress.action=Accept",
		".egress.to {}", ".ingress.from {}", ".egress.to.nodes {}", ".egress.to.nodes.matchLabels", ".egress.to.networks", ".egress.to.domainNames",
		".egress.protocols.tcp.destinationPort.range", ".egress.protocols.udp.destinationPort.number", ".ingress.protocols.sctp",
		".ingress.protocols.destinationNamedPort=web", ".egress.protocols.destinationNamedPort=web",
	} {
		out = append(out, "ClusterNetworkPolicy"+s)
	}
	for _, s := range []string{
		".subject.pods", ".ingress.action=Pass", ".egress.action=Allow", ".egress.to.nodes", ".egress.to.networks", ".egress.to.domainNames",
		".ingress.ports.namedPort=web", ".ingress.ports.portRange", ".egress.ports.portNumber",
	} {
		out = append(out, "AdminNetworkPolicy"+s)
	}
	out = append(out, "BaselineAdminNetworkPolicy.ingress.action=Deny", "BaselineAdminNetworkPolicy.egress.to.nodes")
	for _, ends := range []string{"pod -> pod", "pod -> external", "external -> pod", "pod -> node", "node -> pod"} {
		for _, rest := range []string{`IPv4 "TCP"`, `IPv4 "UDP"`, `IPv4 "SCTP"`, `IPv4 ""`, `IPv6 "TCP"`, `IPv6 "SCTP"`, `IPv6 ""`} {
			out = append(out, ends+" "+rest)
		}
	}
	return out
}

// TestGenerateIsReproducible: a seed is always the same cluster.
func TestGenerateIsReproducible(t *testing.T) {
	for seed := range uint64(20) {
		a, errA := generate(seed).manifests()
		b, errB := generate(seed).manifests()
		if errA != nil || errB != nil || string(a) != string(b) {
			t.Fatalf("seed %d differs from itself: %v %v", seed, errA, errB)
		}
	}
}

// TestSpellingsMeanTheSame: what is written in whatever way has the parts that
// the API server would not fill in.
func TestSpellingsMeanTheSame(t *testing.T) {
	c := generate(3)
	for _, s := range []spelling{{}, {list: true}, {leaveDefaults: true}, {writeEmpty: true}} {
		c.spelling = s
		text, err := c.manifests()
		if err != nil {
			t.Fatal(err)
		}
		if got := json.Valid(text); got != s.list {
			t.Errorf("%+v: valid JSON: %v", s, got)
		}
		if n := strings.Count(string(text), "kind"); n < len(c.objects) {
			t.Errorf("%+v: %d kinds for %d objects", s, n, len(c.objects))
		}
	}
}

// TestShrinkKeepsWhatFails: what is left still fails, and nothing more can go.
func TestShrinkKeepsWhatFails(t *testing.T) {
	c := generate(7)
	small := shrink(c, func(c *cluster) bool {
		nodes := 0
		for _, o := range c.objects {
			if n, ok := o.(*corev1.Node); ok && len(n.Labels) > 0 {
				nodes++
			}
		}
		return nodes > 0
	})
	if len(small.objects) != 1 {
		t.Errorf("%d objects are left", len(small.objects))
	}
}
