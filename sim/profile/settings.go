package profile

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Setting is a flag of an implementation that flips verdicts.
type Setting struct {
	Key     string
	Values  string // what it may be, in words; the first is the default
	Meaning string
	set     func(p *model.Profile, value string) error
}

// Settings returns the settings that [Parse] accepts for a profile, none for
// most.
func Settings(profile string) []Setting {
	switch profile {
	case "cilium":
		return ciliumSettings()
	case "kube-network-policies":
		return []Setting{{
			Key: "npa", Values: "v1alpha2, v1alpha1",
			Meaning: "which plugin for the cluster policies runs", set: setPlugin,
		}}
	}
	return nil
}

func ciliumSettings() []Setting {
	return []Setting{
		{"policyCIDRMatchMode", "none, pods, nodes, pods+nodes",
			"what ipBlock and networks match besides external addresses", setCIDRMatchMode},
		{"allow-localhost", "always, policy",
			"whether traffic from the pod's node is allowed by itself", setAllowLocalhost},
		{"nodeSelectorLabels", "false, true",
			"whether nodes peers are understood (remote nodes only)", boolean(setNodeSelectorLabels)},
		{"sctp.enabled", "false, true", "whether SCTP is supported", boolean(setSCTP)},
		{"k8sClusterNetworkPolicy", "true, false",
			"whether ClusterNetworkPolicy has an effect (taken as on here; Cilium's default is off)",
			boolean(setClusterNetworkPolicy)},
		{"policyDefaultLocalCluster", "true, false",
			"whether selectors are limited to the local cluster", boolean(setLocalCluster)},
	}
}

// boolean wraps a setter of true and false.
func boolean(set func(*model.Profile, bool)) func(*model.Profile, string) error {
	return func(p *model.Profile, value string) error {
		switch value {
		case "true":
			set(p, true)
		case "false":
			set(p, false)
		default:
			return fmt.Errorf("%q is neither true nor false", value)
		}
		return nil
	}
}

func setCIDRMatchMode(p *model.Profile, value string) error {
	const s = model.Source
	if value == "none" {
		return nil
	}
	for _, mode := range strings.Split(value, "+") {
		switch mode {
		case "pods":
			p.BlockPods = say(algebra.Yes, "N2", s, "policyCIDRMatchMode lists pods, so ipBlock matches them")
			p.NetworksPods = say(algebra.Yes, "N18", s, "policyCIDRMatchMode lists pods, so networks match them")
		case "nodes":
			p.BlockNodes = say(algebra.Yes, "N4", s, "policyCIDRMatchMode lists nodes, so ipBlock matches them")
			p.NetworksNodes = say(algebra.Yes, "N20", s, "policyCIDRMatchMode lists nodes, so networks match them")
		default:
			return fmt.Errorf("%q is none of none, pods, nodes, pods+nodes", value)
		}
	}
	return nil
}

func setAllowLocalhost(p *model.Profile, value string) error {
	switch value {
	case "always", "auto":
	case "policy":
		p.LocalNode = say(model.LocalNodeEvaluated, "N5", model.Source,
			"with allow-localhost=policy traffic from the pod's node is subject to policy")
	default:
		return fmt.Errorf("%q is neither always nor policy", value)
	}
	return nil
}

func setNodeSelectorLabels(p *model.Profile, on bool) {
	if on {
		p.NodesPeer = say(model.Supported, "N19", model.Source,
			"with node selector labels nodes peers match the nodes that are not the pod's own")
	}
}

func setSCTP(p *model.Profile, on bool) {
	if on {
		p.SCTP = say(algebra.Yes, "N14", model.Source, "sctp.enabled is on")
	}
}

func setClusterNetworkPolicy(p *model.Profile, on bool) {
	p.APIs[ClusterNetworkPolicy] = on
	if !on {
		p.APIReasons[ClusterNetworkPolicy] = model.Statement{
			Row: "N39", Confidence: model.Source, Text: "Cilium ignores ClusterNetworkPolicy unless k8sClusterNetworkPolicy is enabled",
		}
	}
}

func setLocalCluster(p *model.Profile, on bool) {
	if !on {
		p.LocalCluster = say(false, "N35", model.Source,
			"with policyDefaultLocalCluster off selectors choose the pods of all clusters of the mesh")
		p.NegativePeers = say(model.NegativeAll, "N50", model.Source,
			"with policyDefaultLocalCluster off a peer whose selectors of namespaces and pods have nothing but NotIn and DoesNotExist matches everything")
	}
}

// setPlugin chooses the version of the cluster policies that
// kube-network-policies runs.
func setPlugin(p *model.Profile, value string) error {
	switch value {
	case "v1alpha2":
	case "v1alpha1":
		p.APIs = apis(NetworkPolicy, AdminNetworkPolicy)
		p.APIReasons = map[string]model.Statement{ClusterNetworkPolicy: {
			Row: "N39", Confidence: model.Source, Text: "the v1alpha1 plugin ignores ClusterNetworkPolicy",
		}}
	default:
		return fmt.Errorf("%q is neither v1alpha1 nor v1alpha2", value)
	}
	return nil
}
