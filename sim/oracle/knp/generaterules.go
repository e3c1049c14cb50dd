package knp

import (
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// pods selects pods by their labels.
func (g *generator) pods() *metav1.LabelSelector {
	return g.selector(map[string][]string{"app": {"x", "y", "z"}, "env": {"dev", "prod", ""}})
}

// namespaces selects namespaces by their labels.
func (g *generator) namespaces() *metav1.LabelSelector {
	return g.selector(map[string][]string{"team": {"red", "blue"}, "kubernetes.io/metadata.name": {"a", "b", "c"}})
}

// nodeSelector selects nodes by their labels.
func (g *generator) nodeSelector() *metav1.LabelSelector {
	return g.selector(map[string][]string{"zone": {"z1", "z2"}})
}

// selector is empty, one label, or one or two requirements.
func (g *generator) selector(labels map[string][]string) *metav1.LabelSelector {
	s := &metav1.LabelSelector{}
	keys := make([]string, 0, len(labels))
	for k := range labels {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	kind := g.r.IntN(10)
	if kind < 3 {
		return s
	}
	if kind < 8 {
		k := pick(g, keys...)
		s.MatchLabels = map[string]string{k: pick(g, labels[k]...)}
	}
	if kind >= 7 {
		for range 1 + g.r.IntN(2) {
			k := pick(g, keys...)
			s.MatchExpressions = append(s.MatchExpressions, g.requirement(k, labels[k]))
		}
	}
	return s
}

func (g *generator) requirement(key string, values []string) metav1.LabelSelectorRequirement {
	req := metav1.LabelSelectorRequirement{Key: key, Operator: pick(g, metav1.LabelSelectorOpIn,
		metav1.LabelSelectorOpNotIn, metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist)}
	if req.Operator == metav1.LabelSelectorOpIn || req.Operator == metav1.LabelSelectorOpNotIn {
		req.Values = []string{pick(g, values...)}
		if v := pick(g, values...); !slices.Contains(req.Values, v) {
			req.Values = append(req.Values, v)
		}
	}
	return req
}

// cidrs are blocks with those that lie inside them.
func (g *generator) cidrs() map[string][]string {
	pod4, pod6 := fmt.Sprintf("10.0.%d.%d/32", 1+g.r.IntN(2), 1+g.r.IntN(8)), fmt.Sprintf("fd00:10::%d:%d/128", 1+g.r.IntN(2), 1+g.r.IntN(8))
	return map[string][]string{
		"0.0.0.0/0":      {"10.0.0.0/8", pod4, "203.0.113.0/24", "192.168.0.0/16", "0.0.0.0/1", "128.0.0.0/1", "255.255.255.255/32"},
		"10.0.0.0/16":    {"10.0.1.0/24", "10.0.2.0/24", pod4, "10.0.1.250/32"},
		"10.0.1.0/24":    {"10.0.1.0/28", "10.0.1.3/32"},
		"10.0.2.77/24":   nil, // with bits of the host
		pod4:             nil,
		"203.0.113.0/24": {"203.0.113.0/29", "203.0.113.9/32"},
		"192.168.0.0/24": {"192.168.0.1/32", "192.168.0.2/31"},
		"8.8.8.8/32":     nil,
		"::/0":           {"fd00:10::/32", pod6, "2001:db8::/32", "8000::/1"},
		"fd00:10::/32":   {"fd00:10::1:0/112", pod6},
		pod6:             nil,
		"fd00:192::/64":  {"fd00:192::1/128"},
		"2001:db8::/32":  {"2001:db8::7/128", "2001:db8:1::/48"},
	}
}

// cidr returns a block and at times some of those inside it.
func (g *generator) cidr() (string, []string) {
	all := g.cidrs()
	keys := make([]string, 0, len(all))
	for k := range all {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	k := pick(g, keys...)
	var except []string
	for _, e := range all[k] {
		if g.chance(20) {
			except = append(except, e)
		}
	}
	return k, except
}

// number returns a port that some container may have.
func (g *generator) number() int32 { return pick[int32](g, 80, 443, 8080, 8081, 53, 9090, 1, 65535) }

// span returns a range of at least two ports.
func (g *generator) span() (int32, int32) {
	s := pick(g, [2]int32{80, 443}, [2]int32{8080, 8081}, [2]int32{1, 65535}, [2]int32{1, 52}, [2]int32{444, 8080}, [2]int32{9090, 65535})
	return s[0], s[1]
}
