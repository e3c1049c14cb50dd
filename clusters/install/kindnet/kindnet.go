// Package kindnet stands for the network that kind installs by itself. It enforces
// NetworkPolicy with the engine of kube-network-policies, and no cluster policies.
package kindnet

import (
	"context"
	"errors"

	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/clusters/install"
)

// kindnet has nothing to install: it waits for what kind did.
type kindnet struct{ install.Recipe }

// New returns the installer.
func New() install.Installer {
	return &kindnet{install.Recipe{
		ID: "kindnet", Called: "kindnet", For: install.Network, Known: []string{"20260820"},
		Tested: []install.Proof{{Version: "20260820", What: install.Never, Note: "it comes with kind v0.33.0; the offline lab's nodes have another network in its place"}},
	}}
}

// Available says that the lab has another network in its place.
func (*kindnet) Available(_ string, lab bool) error {
	if lab {
		return errors.New("kindnet is not in the offline lab, whose nodes have netd, a network without policies, in its place: leave --lab out")
	}
	return nil
}

// Install returns what kind installed.
func (*kindnet) Install(context.Context, *install.Env, string) ([]apply.Workload, error) {
	return []apply.Workload{{Kind: "DaemonSet", Namespace: "kube-system", Name: "kindnet"}}, nil
}
