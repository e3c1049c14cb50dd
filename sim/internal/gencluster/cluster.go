package gencluster

import (
	"fmt"
	"math/rand/v2"

	"github.com/netfate/netfate/sim/model"
)

// Size is how large a cluster is. It has Namespaces × Apps × Replicas pods and
// one DNS workload besides, and Namespaces × Policies NetworkPolicies.
type Size struct {
	Namespaces, Apps, Replicas, Policies int
	Templates                            bool // workloads are Deployments, not pods
	Seed                                 uint64
}

// Medium has 10,000 pods in 2,000 classes and 4,000 policies.
func Medium() Size { return Size{Namespaces: 40, Apps: 50, Replicas: 5, Policies: 100} }

// Large has 150,000 pods in 30,000 classes and 15,000 policies.
func Large() Size { return Size{Namespaces: 300, Apps: 100, Replicas: 5, Policies: 50} }

// Cluster is a generated cluster.
type Cluster struct {
	size       Size
	namespaces []namespace
	workloads  []workload
	policies   []policy
}

type namespace struct {
	name   string
	labels model.Labels
}

type workload struct {
	namespace, name string
	labels          model.Labels
	replicas        int
}

const (
	environments = 3
	dnsNamespace = "kube-system"
)

// New returns the cluster of a size.
func New(s Size) *Cluster {
	c := &Cluster{size: s}
	g := &gen{r: rand.New(rand.NewPCG(s.Seed, 1)), size: s, teams: max(1, s.Namespaces/5)}
	c.namespace(dnsNamespace, "infra", "infra")
	c.workloads = append(c.workloads, workload{dnsNamespace, "coredns", labels("app", "coredns", "k8s-app", "kube-dns"), s.Replicas})
	apps := make([]model.Labels, s.Apps)
	for i := range apps {
		apps[i] = labels("app", fmt.Sprintf("app%d", i), "tier", tiers()[i%4], "version", fmt.Sprintf("v%d", i%3))
	}
	for i := range s.Namespaces {
		name := fmt.Sprintf("ns%04d", i)
		c.namespace(name, fmt.Sprintf("env%d", i%environments), fmt.Sprintf("team%d", i%g.teams))
		for j := range apps {
			c.workloads = append(c.workloads, workload{name, fmt.Sprintf("app%d", j), apps[j], s.Replicas})
		}
		for j := range s.Policies {
			c.policies = append(c.policies, g.policy(name, i, j))
		}
	}
	return c
}

func (c *Cluster) namespace(name, env, team string) {
	c.namespaces = append(c.namespaces, namespace{name, labels("env", env, model.NameLabel, name, "team", team)})
}

// labels returns keys and values in turn, which must come in the order of the keys.
func labels(kv ...string) model.Labels {
	var out model.Labels
	for i := 0; i < len(kv); i += 2 {
		out = append(out, model.Label{Key: kv[i], Value: kv[i+1]})
	}
	return out
}

func tiers() []string { return []string{"frontend", "backend", "cache", "db"} }
