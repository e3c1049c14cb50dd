// Package policycrds installs the definition of ClusterNetworkPolicy (v1alpha2,
// experimental channel, which has peers of nodes and domain names), so that clusters take such objects whether or not their
// network enforces them. The file beside it is that of the module
// sigs.k8s.io/network-policy-api v0.2.0, unchanged (Apache License 2.0).
package policycrds

import (
	_ "embed"

	"github.com/netfate/netfate/clusters/install"
)

//go:embed clusternetworkpolicies.yaml
var definition []byte

// New returns the installer.
func New() install.Installer {
	return &install.Recipe{
		ID: "network-policy-api", Called: "ClusterNetworkPolicy (definition)", For: install.Definitions, Known: []string{"0.2.0"},
		Sources: func(string) []install.Source {
			return []install.Source{{Name: "clusternetworkpolicies.yaml", Data: definition}}
		},
		Tested: []install.Proof{{
			Version: "0.2.0", Date: "2026-11-27", What: install.Ran, Where: install.OfflineLab, Recorded: "reference-1.1.0",
			Note: "the definition only: what enforces it is the network",
		}},
		Lab: func(string, string) ([]install.Source, []string) {
			return []install.Source{{Name: "clusternetworkpolicies.yaml", Data: definition}}, nil
		},
	}
}
