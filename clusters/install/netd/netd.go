// Package netd stands for the plain network of the offline lab's node image
// (clusters/lab/netd): pods reach each other, and no policy is enforced. A mesh's
// policies are seen on it alone.
package netd

import "github.com/netfate/netfate/clusters/install"

// New returns the installer. There is nothing to install: the node image has it.
func New() install.Installer {
	return &install.Recipe{
		ID: "netd", Called: "the lab's plain network, without policies", For: install.Network, Known: []string{"1"},
		Sources: func(string) []install.Source { return nil },
		Lab:     func(string, string) ([]install.Source, []string) { return nil, nil },
		Tested: []install.Proof{{
			Version: "1", Date: "2026-11-27", What: install.Ran, Where: install.OfflineLab, Recorded: "istio-proxyless-1.31",
			Note: "below a mesh; it enforces no NetworkPolicy, and no profile predicts it",
		}},
	}
}
