// Package kuma installs Kuma's control plane from its Helm chart.
package kuma

import "github.com/netfate/netfate/clusters/install"

// New returns the installer.
func New() install.Installer {
	return &install.Recipe{
		ID: "kuma", Called: "Kuma", For: install.Mesh, Known: []string{"2.12.0"},
		Sources: func(v string) []install.Source {
			return []install.Source{{
				Name: "kuma-" + v + ".tgz", URL: "https://github.com/kumahq/charts/releases/download/kuma-" + v + "/kuma-" + v + ".tgz",
				Chart: true, Release: "kuma", Namespace: "kuma-system",
			}}
		},
		Tested: []install.Proof{{Version: "2.12.0", What: install.Never}},
	}
}
