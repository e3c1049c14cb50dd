package gencluster

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// containerPorts are those of every workload.
const containerPorts = `[{name: http, containerPort: 8080, protocol: TCP}, {name: metrics, containerPort: 9090, protocol: TCP}]`

// Manifests returns the cluster as YAML documents.
func (c *Cluster) Manifests() string {
	var b strings.Builder
	for _, n := range c.namespaces {
		fmt.Fprintf(&b, "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: %s\n  labels: %s\n", n.name, labelsText(n.labels))
	}
	ip := 0
	for i := range c.workloads {
		w := &c.workloads[i]
		if c.size.Templates {
			writeDeployment(&b, w)
			continue
		}
		for r := range w.replicas {
			writePod(&b, w, r, ip)
			ip++
		}
	}
	for i := range c.policies {
		writePolicy(&b, &c.policies[i])
	}
	return b.String()
}

func writeDeployment(b *strings.Builder, w *workload) {
	fmt.Fprintf(b, `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: %s
  namespace: %s
spec:
  replicas: %d
  selector: {matchLabels: %s}
  template:
    metadata: {labels: %s}
    spec: {containers: [{name: c, image: "x:1", ports: %s}]}
`, w.name, w.namespace, w.replicas, labelsText(w.labels[:1]), labelsText(w.labels), containerPorts)
}

func writePod(b *strings.Builder, w *workload, replica, ip int) {
	fmt.Fprintf(b, `---
apiVersion: v1
kind: Pod
metadata:
  name: %s-%d
  namespace: %s
  labels: %s
spec: {nodeName: %s, containers: [{name: c, image: "x:1", ports: %s}]}
status: {phase: Running, hostIP: 192.168.49.2, podIP: %[7]s, podIPs: [{ip: %[7]s}]}
`, w.name, replica, w.namespace, labelsText(w.labels), node(ip), containerPorts, address(ip))
}

func writePolicy(b *strings.Builder, p *policy) {
	fmt.Fprintf(b, "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: %s\n  namespace: %s\nspec:\n  podSelector: %s\n",
		p.name, p.namespace, p.subject.text())
	var types []string
	if p.in != nil {
		types = append(types, "Ingress")
	}
	if p.out != nil {
		types = append(types, "Egress")
	}
	fmt.Fprintf(b, "  policyTypes: [%s]\n", strings.Join(types, ", "))
	writeRules(b, "ingress", "from", p.in)
	writeRules(b, "egress", "to", p.out)
}

func writeRules(b *strings.Builder, direction, key string, rules []rule) {
	if len(rules) == 0 {
		return
	}
	fmt.Fprintf(b, "  %s:\n", direction)
	for i := range rules {
		var peers, ports []string
		for j := range rules[i].peers {
			peers = append(peers, rules[i].peers[j].text())
		}
		for _, p := range rules[i].ports {
			ports = append(ports, p.text())
		}
		fmt.Fprintf(b, "  - %s: [%s]\n", key, strings.Join(peers, ", "))
		if ports != nil {
			fmt.Fprintf(b, "    ports: [%s]\n", strings.Join(ports, ", "))
		}
	}
}

func (p *peer) text() string {
	if p.cidr != "" {
		return fmt.Sprintf("{ipBlock: {cidr: %s, except: [%s]}}", p.cidr, p.except)
	}
	var parts []string
	if p.namespaces != nil {
		parts = append(parts, "namespaceSelector: "+p.namespaces.text())
	}
	if p.pods != nil {
		parts = append(parts, "podSelector: "+p.pods.text())
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func (p *port) text() string {
	switch {
	case p.name != "":
		return fmt.Sprintf("{protocol: %s, port: %s}", p.protocol, p.name)
	case p.hi > p.lo:
		return fmt.Sprintf("{protocol: %s, port: %d, endPort: %d}", p.protocol, p.lo, p.hi)
	}
	return fmt.Sprintf("{protocol: %s, port: %d}", p.protocol, p.lo)
}

// text returns a label selector: matchLabels where one value is all that is asked.
func (s selector) text() string {
	var labels, exprs []string
	for _, t := range s {
		switch {
		case t.op == model.OpIn && len(t.values) == 1:
			labels = append(labels, fmt.Sprintf("%s: %q", t.key, t.values[0]))
		case t.op == model.OpExists:
			exprs = append(exprs, fmt.Sprintf("{key: %s, operator: Exists}", t.key))
		case t.op == model.OpNotIn:
			exprs = append(exprs, fmt.Sprintf("{key: %s, operator: NotIn, values: [%s]}", t.key, strings.Join(t.values, ", ")))
		default:
			exprs = append(exprs, fmt.Sprintf("{key: %s, operator: In, values: [%s]}", t.key, strings.Join(t.values, ", ")))
		}
	}
	var parts []string
	if labels != nil {
		parts = append(parts, "matchLabels: {"+strings.Join(labels, ", ")+"}")
	}
	if exprs != nil {
		parts = append(parts, "matchExpressions: ["+strings.Join(exprs, ", ")+"]")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func labelsText(l model.Labels) string {
	parts := make([]string, len(l))
	for i, x := range l {
		parts[i] = fmt.Sprintf("%s: %q", x.Key, x.Value)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
