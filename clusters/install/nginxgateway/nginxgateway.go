// Package nginxgateway installs NGINX Gateway Fabric from the project's manifests.
package nginxgateway

import "github.com/netfate/netfate/clusters/install"

// New returns the installer.
func New() install.Installer {
	return &install.Recipe{
		ID: "nginx-gateway-fabric", Called: "NGINX Gateway Fabric", For: install.Gateway, Known: []string{"2.1.0"}, Wants: install.Needs{GatewayAPI: true},
		Sources: func(v string) []install.Source {
			base := "https://raw.githubusercontent.com/nginx/nginx-gateway-fabric/v" + v + "/deploy/"
			return []install.Source{
				{Name: "nginx-gateway-fabric-" + v + "-crds.yaml", URL: base + "crds.yaml"},
				{Name: "nginx-gateway-fabric-" + v + ".yaml", URL: base + "default/deploy.yaml"},
			}
		},
		Tested: []install.Proof{{Version: "2.1.0", What: install.Never}},
	}
}
