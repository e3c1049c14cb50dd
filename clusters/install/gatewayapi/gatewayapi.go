// Package gatewayapi installs the definitions of the Gateway API, standard channel.
package gatewayapi

import "github.com/netfate/netfate/clusters/install"

// New returns the installer.
func New() install.Installer {
	return &install.Recipe{
		ID: "gateway-api", Called: "Gateway API (definitions)", For: install.Definitions, Known: []string{"1.6.3"},
		Sources: func(v string) []install.Source {
			return []install.Source{{
				Name: "gateway-api-" + v + ".yaml",
				URL:  "https://github.com/kubernetes-sigs/gateway-api/releases/download/v" + v + "/standard-install.yaml",
			}}
		},
		Tested: []install.Proof{{Version: "1.6.3", What: install.Never}},
	}
}
