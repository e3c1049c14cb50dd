// Package envoygateway installs Envoy Gateway from the project's manifest, which
// brings the definitions of the Gateway API along.
package envoygateway

import "github.com/netfate/netfate/clusters/install"

// New returns the installer.
func New() install.Installer {
	return &install.Recipe{
		ID: "envoy-gateway", Called: "Envoy Gateway", For: install.Gateway, Known: []string{"1.9.1"},
		Sources: func(v string) []install.Source {
			return []install.Source{{
				Name: "envoy-gateway-" + v + ".yaml", URL: "https://github.com/envoyproxy/gateway/releases/download/v" + v + "/install.yaml",
			}}
		},
		Tested: []install.Proof{{Version: "1.9.1", What: install.Never}},
	}
}
