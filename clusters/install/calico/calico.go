// Package calico installs Calico from the project's manifest, with its own address
// management on the pod network that kind announces.
package calico

import "github.com/netfate/netfate/clusters/install"

// New returns the installer.
func New() install.Installer {
	return &install.Recipe{
		ID: "calico", Called: "Calico", For: install.Network, Known: []string{"3.32.0"},
		Wants: install.Needs{NoCNI: true, PodSubnet: "192.168.0.0/16"}, Says: "calico",
		Sources: func(v string) []install.Source {
			return []install.Source{{
				Name: "calico-" + v + ".yaml", URL: "https://raw.githubusercontent.com/projectcalico/calico/v" + v + "/manifests/calico.yaml",
			}}
		},
		Tested: []install.Proof{{Version: "3.32.0", What: install.Never}},
	}
}
