package collect

import (
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/policyapi"
)

// InventoryKinds returns the kinds that say who can talk: namespaces, nodes, pods and what creates
// them, Services and what is behind them.
func InventoryKinds() []policyapi.Kind {
	return []policyapi.Kind{
		{Version: "v1", Kind: "Namespace", Resource: "namespaces"},
		{Version: "v1", Kind: "Node", Resource: "nodes"},
		{Version: "v1", Kind: "Pod", Resource: "pods", Namespaced: true},
		{Version: "v1", Kind: "ReplicationController", Resource: "replicationcontrollers", Namespaced: true},
		{Version: "v1", Kind: "Service", Resource: "services", Namespaced: true},
		{Version: "v1", Kind: "ServiceAccount", Resource: "serviceaccounts", Namespaced: true},
		{Group: "apps", Version: "v1", Kind: "DaemonSet", Resource: "daemonsets", Namespaced: true},
		{Group: "apps", Version: "v1", Kind: "Deployment", Resource: "deployments", Namespaced: true},
		{Group: "apps", Version: "v1", Kind: "ReplicaSet", Resource: "replicasets", Namespaced: true},
		{Group: "apps", Version: "v1", Kind: "StatefulSet", Resource: "statefulsets", Namespaced: true},
		{Group: "batch", Version: "v1", Kind: "CronJob", Resource: "cronjobs", Namespaced: true},
		{Group: "batch", Version: "v1", Kind: "Job", Resource: "jobs", Namespaced: true},
		{Group: "discovery.k8s.io", Version: "v1", Kind: "EndpointSlice", Resource: "endpointslices", Namespaced: true},
	}
}

func isInventory(k policyapi.Kind) bool {
	return slices.ContainsFunc(InventoryKinds(), func(i policyapi.Kind) bool { return i.Group == k.Group && i.Kind == k.Kind })
}

// knownKind is a group and kind that somebody reads, in one or more versions.
type knownKind struct {
	policyapi.Kind          // the first version listed
	versions       []string // API versions that are read
	policy         bool     // not inventory: what cannot be read of it may have an effect
}

// kindIndex finds kinds by their names. It is read-only after newKindIndex.
type kindIndex struct {
	exact map[[2]string]*knownKind // by API version and kind
	group map[[2]string]*knownKind // by group and kind
	alone map[string]*knownKind    // policy kinds by kind alone; nil where two groups have it
}

func newKindIndex(kinds []policyapi.Kind) *kindIndex {
	if len(kinds) == 0 {
		kinds = InventoryKinds()
	}
	x := &kindIndex{
		exact: map[[2]string]*knownKind{},
		group: map[[2]string]*knownKind{},
		alone: map[string]*knownKind{},
	}
	for _, k := range kinds {
		x.add(k, !isInventory(k))
	}
	return x
}

func (x *kindIndex) add(k policyapi.Kind, policy bool) {
	gk := [2]string{k.Group, k.Kind}
	known := x.group[gk]
	if known == nil {
		known = &knownKind{Kind: k, policy: policy}
		x.group[gk] = known
		if _, taken := x.alone[k.Kind]; taken {
			x.alone[k.Kind] = nil
		} else if policy {
			x.alone[k.Kind] = known
		}
	}
	if x.exact[[2]string{k.APIVersion(), k.Kind}] == nil {
		known.versions = append(known.versions, k.APIVersion())
		x.exact[[2]string{k.APIVersion(), k.Kind}] = known
	}
}

// find returns the kind of an object. When it is not exact, the object is of a version that nobody
// reads, or names no group where the kind is known in one only.
func (x *kindIndex) find(apiVersion, kind string) (k *knownKind, exact bool) {
	if k := x.exact[[2]string{apiVersion, kind}]; k != nil {
		return k, true
	}
	group, _, ok := strings.Cut(apiVersion, "/")
	if !ok {
		group = ""
	}
	if k := x.group[[2]string{group, kind}]; k != nil {
		return k, false
	}
	if group == "" || group == "extensions" { // "v1", "networking.k8s.io", or where policies once were
		return x.alone[kind], false
	}
	return nil, false
}

// groupOf returns the group of an API version.
func groupOf(apiVersion string) string {
	if group, _, ok := strings.Cut(apiVersion, "/"); ok {
		return group
	}
	return ""
}
