// Package traefik installs Traefik from its Helm chart, for Ingress and the Gateway API.
package traefik

import "github.com/netfate/netfate/clusters/install"

// New returns the installer. Its version is the chart's.
func New() install.Installer {
	return &install.Recipe{
		ID: "traefik", Called: "Traefik", For: install.Gateway, Known: []string{"37.0.0"}, Wants: install.Needs{GatewayAPI: true},
		Sources: func(v string) []install.Source {
			return []install.Source{{
				Name: "traefik-" + v + ".tgz", URL: "https://traefik.github.io/charts/traefik/traefik-" + v + ".tgz",
				Chart: true, Release: "traefik", Namespace: "traefik",
				Values: map[string]any{
					"providers": map[string]any{"kubernetesGateway": map[string]any{"enabled": true}},
					"service":   map[string]any{"type": "ClusterIP"},
				},
			}}
		},
		Tested: []install.Proof{{Version: "37.0.0", What: install.Never}},
	}
}
