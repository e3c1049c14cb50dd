package campaign

import (
	"fmt"
	"math/rand/v2"

	"github.com/netfate/netfate/sim/model"
)

// generator makes policies over a stage. Its vocabulary is small, so that
// selectors, ports and addresses meet.
type generator struct {
	r      *rand.Rand
	prefix string
	blocks []string // address blocks worth naming
}

// Policies returns the policies of one round. cidr is the cluster's range of pod
// addresses, pods the addresses of the stage's pods.
func Policies(seed uint64, round int, prefix, cidr string, pods []string) ([]*model.Object, error) {
	g := &generator{r: rand.New(rand.NewPCG(seed, uint64(round)+1)), prefix: prefix}
	g.blocks = []string{"0.0.0.0/0", cidr}
	for _, p := range pods {
		g.blocks = append(g.blocks, p+"/32")
	}
	var list []object
	for i := range 1 + g.r.IntN(5) {
		list = append(list, g.networkPolicy(i))
	}
	for i := range g.r.IntN(5) {
		list = append(list, g.clusterPolicy(i))
	}
	return Objects(list)
}

func (g *generator) chance(percent int) bool { return g.r.IntN(100) < percent }

func pick[T any](g *generator, list ...T) T { return list[g.r.IntN(len(list))] }

// some returns up to n things, at least one.
func some[T any](g *generator, n int, f func() T) []any {
	var out []any
	for range 1 + g.r.IntN(n) {
		out = append(out, f())
	}
	return out
}

func (g *generator) namespace() string { return fmt.Sprintf("%s-%c", g.prefix, 'a'+g.r.IntN(3)) }

// networkPolicy makes a NetworkPolicy. Rules of a direction that policyTypes does
// not list occur, as do directions without rules.
func (g *generator) networkPolicy(i int) object {
	spec := object{"podSelector": g.podSelector()}
	types := pick(g, []any{"Ingress"}, []any{"Egress"}, []any{"Ingress", "Egress"}, nil)
	if types != nil {
		spec["policyTypes"] = types
	}
	if g.chance(70) {
		spec["ingress"] = some(g, 2, func() object { return g.rule("from") })
	}
	if g.chance(45) {
		spec["egress"] = some(g, 2, func() object { return g.rule("to") })
	}
	return object{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
		"metadata": object{"name": fmt.Sprintf("np%d", i), "namespace": g.namespace()}, "spec": spec}
}

func (g *generator) rule(key string) object {
	out := object{}
	if g.chance(85) {
		out[key] = some(g, 2, g.peer)
	}
	if g.chance(50) {
		out["ports"] = some(g, 2, g.port)
	}
	return out
}

func (g *generator) peer() object {
	switch kind := g.r.IntN(100); {
	case kind < 35:
		return object{"podSelector": g.podSelector()}
	case kind < 55:
		return object{"namespaceSelector": g.namespaceSelector()}
	case kind < 80:
		return object{"namespaceSelector": g.namespaceSelector(), "podSelector": g.podSelector()}
	}
	block := object{"cidr": pick(g, g.blocks[:2]...)}
	switch {
	case g.chance(30):
		block["cidr"] = pick(g, g.blocks...)
	case g.chance(60):
		if block["cidr"] == g.blocks[0] {
			block["except"] = []any{pick(g, g.blocks[1:]...)}
		} else if len(g.blocks) > 2 {
			block["except"] = []any{pick(g, g.blocks[2:]...)}
		}
	}
	return object{"ipBlock": block}
}

func (g *generator) port() object {
	switch kind := g.r.IntN(100); {
	case kind < 25:
		return object{"protocol": "TCP", "port": "web"}
	case kind < 50:
		return object{"protocol": "TCP", "port": pick(g, portWeb, portAPI, portPlain)}
	case kind < 65:
		return object{"protocol": "TCP", "port": portPlain, "endPort": pick(g, portPlain, portWeb, portAPI)}
	case kind < 75:
		return object{"protocol": "UDP", "port": "dns"}
	case kind < 90:
		return object{"protocol": "UDP", "port": portDNS}
	}
	return object{"protocol": pick(g, "TCP", "UDP")}
}

func (g *generator) podSelector() object {
	switch g.r.IntN(8) {
	case 0, 1:
		return object{}
	case 2:
		return object{"matchLabels": object{"tier": pick(g, "front", "back")}}
	case 3:
		return object{"matchLabels": object{"app": pick(g, "web", "api"), "tier": pick(g, "front", "back")}}
	case 4:
		return expression("tier", pick(g, "Exists", "DoesNotExist"))
	case 5:
		return expression("app", "NotIn", pick(g, "web", "api"))
	}
	return object{"matchLabels": object{"app": pick(g, "web", "api")}}
}

func (g *generator) namespaceSelector() object {
	switch g.r.IntN(7) {
	case 0, 1:
		return object{}
	case 2:
		return object{"matchLabels": object{"team": pick(g, "red", "blue")}}
	case 3:
		return object{"matchLabels": object{"env": pick(g, "prod", "dev")}}
	case 4:
		return expression("team", "NotIn", pick(g, "red", "blue"))
	case 5:
		return expression("env", pick(g, "In", "NotIn"), pick(g, "prod", "dev"))
	}
	return object{"matchLabels": object{model.NameLabel: g.namespace()}}
}

func expression(key, op string, values ...string) object {
	e := object{"key": key, "operator": op}
	if len(values) > 0 {
		var list []any
		for _, v := range values {
			list = append(list, v)
		}
		e["values"] = list
	}
	return object{"matchExpressions": []any{e}}
}
