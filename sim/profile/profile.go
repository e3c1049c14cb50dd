package profile

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// Names of the policy APIs in [model.Profile.APIs].
const (
	NetworkPolicy        = "networkpolicy"
	AdminNetworkPolicy   = "adminnetworkpolicy"
	ClusterNetworkPolicy = "clusternetworkpolicy"
)

// Default is the name of the neutral profile.
const Default = "kubernetes"

// All returns every profile, the neutral one first. Each call makes new ones:
// a caller may change what it got.
func All() []*model.Profile {
	return []*model.Profile{
		kubernetes(), kubeNetworkPolicies(), calico(), cilium(), ovnKubernetes(), antrea(),
	}
}

// Names returns the names of all profiles in the order of [All].
func Names() []string {
	var out []string
	for _, p := range All() {
		out = append(out, p.Name)
	}
	return out
}

// Get returns the profile of that name. The error of an unknown name says the
// nearest one and lists all.
func Get(name string) (*model.Profile, error) {
	for _, p := range All() {
		if p.Name == name {
			return p, nil
		}
	}
	hint := ""
	if near := nearest(name, Names()); near != "" {
		hint = fmt.Sprintf(": did you mean %q?", near)
	}
	return nil, fmt.Errorf("no network profile %q%s (known: %s)", name, hint, strings.Join(Names(), ", "))
}

// say makes a choice with its evidence.
func say[T any](value T, row string, mark model.Confidence, text string) model.Choice[T] {
	return model.Choice[T]{Value: value, Statement: model.Statement{Row: row, Confidence: mark, Text: text}}
}

// apis returns the set of the API names.
func apis(names ...string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, n := range names {
		out[n] = true
	}
	return out
}
