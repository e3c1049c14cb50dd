package campaign

import "fmt"

// clusterPolicy makes a ClusterNetworkPolicy of the v1alpha2 API. Priorities often tie.
func (g *generator) clusterPolicy(i int) object {
	spec := object{"tier": pick(g, "Admin", "Admin", "Baseline"), "priority": pick(g, 5, 10, 10, 20), "subject": g.subject()}
	if g.chance(75) {
		spec["ingress"] = some(g, 2, func() object { return g.clusterRule("from", g.clusterPods) })
	}
	if _, ok := spec["ingress"]; !ok || g.chance(45) {
		spec["egress"] = some(g, 2, func() object { return g.clusterRule("to", g.clusterTo) })
	}
	return object{"apiVersion": "policy.networking.k8s.io/v1alpha2", "kind": "ClusterNetworkPolicy",
		"metadata": object{"name": fmt.Sprintf("%s-cnp%d", g.prefix, i)}, "spec": spec}
}

// subject chooses pods of the stage and nothing else.
func (g *generator) subject() object {
	stage := g.namespaceSelector()
	labels, ok := stage["matchLabels"].(object)
	if !ok {
		labels = object{}
		stage["matchLabels"] = labels
	}
	labels[StageLabel] = g.prefix
	if g.chance(50) {
		return object{"namespaces": stage}
	}
	return object{"pods": object{"namespaceSelector": stage, "podSelector": g.podSelector()}}
}

// clusterRule makes a rule. Named ports go with peers of pods only.
func (g *generator) clusterRule(key string, peer func() (object, bool)) object {
	onlyPods := true
	out := object{"action": pick(g, "Accept", "Deny", "Deny", "Pass"), key: some(g, 2, func() object {
		p, pods := peer()
		onlyPods = onlyPods && pods
		return p
	})}
	if g.chance(50) {
		out["protocols"] = some(g, 2, func() object { return g.protocol(onlyPods) })
	}
	return out
}

// clusterPods makes a peer of pods.
func (g *generator) clusterPods() (object, bool) {
	if g.chance(50) {
		return object{"namespaces": g.namespaceSelector()}, true
	}
	return object{"pods": object{"namespaceSelector": g.namespaceSelector(), "podSelector": g.podSelector()}}, true
}

// clusterTo makes a peer of an egress rule: pods, networks, rarely nodes.
func (g *generator) clusterTo() (object, bool) {
	switch kind := g.r.IntN(100); {
	case kind < 65:
		return g.clusterPods()
	case kind < 93:
		return object{"networks": []any{pick(g, g.blocks...)}}, false
	}
	return object{"nodes": object{}}, false
}

func (g *generator) protocol(named bool) object {
	switch kind := g.r.IntN(100); {
	case kind < 25 && named:
		return object{"destinationNamedPort": pick(g, "web", "dns")}
	case kind < 60:
		return object{"tcp": object{"destinationPort": object{"number": pick(g, portWeb, portAPI, portPlain)}}}
	case kind < 80:
		return object{"tcp": object{"destinationPort": object{"range": object{"start": portPlain, "end": pick(g, portWeb, portAPI)}}}}
	}
	return object{"udp": object{"destinationPort": object{"number": portDNS}}}
}
