package live

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/netip"
	"strconv"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/clusters/control"
	"github.com/netfate/netfate/clusters/mirror"
	"github.com/netfate/netfate/clusters/observation"
)

// canary tells when policies hold. A server on each node is under a NetworkPolicy
// that allows one of two ports and, where the cluster has them, a ClusterNetworkPolicy
// that denies one of two others. Both are turned round after every change of policies;
// when the ports follow on every node, what was applied before them is in force too,
// since an agent takes changes in the order in which they are made.
type canary struct {
	b       *Bench
	ctl     *control.Controller
	pods    []*unstructured.Unstructured // one on each node, at least two
	cluster bool                         // there are ClusterNetworkPolicies
	odd     bool
}

const (
	canaryTCP   = "7001,7002,7003,7004" // two for the NetworkPolicy, two for the ClusterNetworkPolicy
	canaryEvery = 50 * time.Millisecond
	// grace is added when the canary says that policies hold: endpoints of one node are not all changed at once.
	grace = 300 * time.Millisecond
	// blind is how long to wait for policies that the canary does not cover.
	blind = 3 * time.Second
)

func (c *canary) namespace() string { return "netfate-canary-" + c.b.o.Name }

// make makes the pods, and waits until they reach each other.
func (c *canary) make(ctx context.Context) error {
	opener, err := control.NewExec(c.b.config, "")
	if err != nil {
		return err
	}
	c.ctl = control.New(opener, control.Options{Timeout: 300 * time.Millisecond, Attempts: 1, Unchecked: true})
	objects := []*unstructured.Unstructured{c.home(time.Now())}
	for i := range max(2, len(c.b.nodes)) { // a pod reaches itself whatever the policies say
		objects = append(objects, c.pod(fmt.Sprintf("c%d", i), c.b.nodes[i%len(c.b.nodes)].GetName()))
	}
	pods := len(objects)
	for i, n := range c.b.nodes {
		objects = append(objects, c.agent(fmt.Sprintf("node%d", i), n.GetName()))
	}
	now, err := c.b.c.Apply(ctx, c.b.owner, objects)
	if err != nil {
		return err
	}
	for i, o := range now {
		c.b.have[key(o)] = &entry{now: o, want: key(objects[i])}
	}
	if err := c.b.running(ctx); err != nil {
		return err
	}
	c.b.agents = map[string]*unstructured.Unstructured{}
	for i, o := range now {
		e := c.b.have[key(o)]
		delete(c.b.have, key(o)) // it is not the campaign's
		switch {
		case i >= pods:
			c.b.agents[c.b.nodes[i-pods].GetName()] = e.now
		case i > 0:
			c.pods = append(c.pods, e.now)
		}
	}
	served, err := c.b.c.Serves(clusterPolicy())
	if err != nil {
		return err
	}
	c.cluster = served && c.b.o.ClusterPolicies
	return c.settle(ctx)
}

func (c *canary) pod(name, node string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": name, "namespace": c.namespace(), "labels": map[string]any{"app": "canary"}},
		"spec": map[string]any{
			"nodeName": node, "terminationGracePeriodSeconds": int64(0), "automountServiceAccountToken": false,
			"tolerations": []any{map[string]any{"operator": "Exists"}},
			"containers": []any{map[string]any{
				"name": mirror.Container, "image": c.b.o.Image, "imagePullPolicy": "IfNotPresent", "args": []any{"serve", "--tcp", canaryTCP},
				"env": []any{map[string]any{"name": "NETFATE_ID", "value": c.namespace() + "/" + name}},
			}},
		},
	}}
}

// AgentPort is what the agents on the nodes' networks serve, on TCP and UDP. It depends
// on the bench's name: the benches of one cluster share these networks.
func AgentPort(bench string) uint16 {
	h := fnv.New32a()
	h.Write([]byte(bench))
	return 28000 + uint16(h.Sum32()%1000) //nolint:gosec // below 1000
}

// agent is a pod on a node's network: what a node's own processes send and serve.
func (c *canary) agent(name, node string) *unstructured.Unstructured {
	o := c.pod(name, node)
	spec := o.Object["spec"].(map[string]any)
	spec["hostNetwork"] = true
	one := spec["containers"].([]any)[0].(map[string]any)
	port := strconv.Itoa(int(AgentPort(c.b.o.Name)))
	one["args"] = []any{"serve", "--keep-going", "--tcp", port, "--udp", port}
	one["env"] = []any{map[string]any{"name": "NETFATE_ID", "value": node}}
	return o
}

// settle turns the policies round and waits until every node follows. After the
// bound it gives up, which is an error: nothing would be known of what is observed.
func (c *canary) settle(ctx context.Context) error {
	c.odd = !c.odd
	if _, err := c.b.c.Apply(ctx, c.b.owner, c.policies()); err != nil {
		return err
	}
	began := time.Now()
	var open []observation.Record
	for {
		records, err := c.ctl.Probe(ctx, c.flows(), c.resolve)
		if err != nil {
			return err
		}
		open = open[:0]
		for i := range records {
			if records[i].Result != observation.Connected {
				open = append(open, records[i])
			}
		}
		if len(open) == 0 {
			return pause(ctx, c.rest())
		}
		if time.Since(began) > c.b.o.Settle {
			return fmt.Errorf("policies do not hold after %s: the canary's %s is %s (%s): the network does not enforce them, or is overloaded",
				c.b.o.Settle, open[0].Flow.To, open[0].Result, open[0].Detail)
		}
		if err := pause(ctx, canaryEvery); err != nil {
			return err
		}
	}
}

// rest is how long to wait after the canary has followed.
func (c *canary) rest() time.Duration {
	for _, e := range c.b.have {
		switch e.now.GetKind() {
		case "Namespace", "Pod", "Service", "NetworkPolicy":
		case "ClusterNetworkPolicy":
			if !c.cluster {
				return blind
			}
		default:
			return blind
		}
	}
	return grace
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// numbers are the ports that are open now: of the NetworkPolicy and of the ClusterNetworkPolicy.
func (c *canary) numbers() (np, open, denied int64) {
	if c.odd {
		return 7001, 7003, 7004
	}
	return 7002, 7004, 7003
}

func (c *canary) policies() []*unstructured.Unstructured {
	np, _, denied := c.numbers()
	port := func(n int64) any { return map[string]any{"protocol": "TCP", "port": n} }
	out := []*unstructured.Unstructured{{Object: map[string]any{
		"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": map[string]any{"name": "canary", "namespace": c.namespace()},
		"spec": map[string]any{"podSelector": map[string]any{}, "policyTypes": []any{"Ingress"},
			"ingress": []any{map[string]any{"ports": []any{port(np), port(7003), port(7004)}}}},
	}}}
	if c.cluster {
		own := map[string]any{"matchLabels": map[string]any{"kubernetes.io/metadata.name": c.namespace()}}
		out = append(out, &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "policy.networking.k8s.io/v1alpha2", "kind": "ClusterNetworkPolicy", "metadata": map[string]any{"name": c.namespace()},
			"spec": map[string]any{"tier": "Admin", "priority": int64(1000), "subject": map[string]any{"namespaces": own},
				"ingress": []any{map[string]any{"action": "Deny", "from": []any{map[string]any{"namespaces": map[string]any{}}},
					"protocols": []any{map[string]any{"tcp": map[string]any{"destinationPort": map[string]any{"number": denied}}}}}}},
		}})
	}
	return out
}

// flows go to every pod from its neighbour.
func (c *canary) flows() []observation.Flow {
	np, open, _ := c.numbers()
	var out []observation.Flow
	for i, to := range c.pods {
		from := c.pods[(i+1)%len(c.pods)]
		for _, port := range []int64{np, open} {
			if port == open && !c.cluster {
				continue
			}
			out = append(out, observation.Flow{From: party(from), To: party(to), Protocol: "TCP", Port: uint16(port)}) //nolint:gosec // one of four small numbers
		}
	}
	return out
}

func party(pod *unstructured.Unstructured) observation.Party {
	return observation.Party{Kind: observation.KindPod, ID: pod.GetNamespace() + "/" + pod.GetName()}
}

func (c *canary) resolve(p observation.Party) (control.Target, error) {
	for _, pod := range c.pods {
		if party(pod).ID == p.ID {
			return target(pod)
		}
	}
	return control.Target{}, fmt.Errorf("no canary %s", p.ID)
}

// target is a pod with an agent.
func target(pod *unstructured.Unstructured) (control.Target, error) {
	t := control.Target{ID: pod.GetNamespace() + "/" + pod.GetName(), Namespace: pod.GetNamespace(), Pod: pod.GetName(), Container: mirror.Container, Agent: true}
	list, _, _ := unstructured.NestedSlice(pod.Object, "status", "podIPs")
	for _, item := range list {
		m, ok := item.(map[string]any)
		if !ok {
			continue
		}
		text, _ := m["ip"].(string)
		if a, err := netip.ParseAddr(text); err == nil {
			t.Addresses = append(t.Addresses, a)
		}
	}
	if len(t.Addresses) == 0 {
		return t, fmt.Errorf("%s has no address", apply.Title(pod))
	}
	return t, nil
}

func clusterPolicy() schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: "policy.networking.k8s.io", Version: "v1alpha2", Kind: "ClusterNetworkPolicy"}
}
