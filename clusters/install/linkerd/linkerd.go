// Package linkerd installs Linkerd from its Helm charts, with a trust anchor and an
// issuer that are made on the spot and live for a year.
package linkerd

import (
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/netfate/netfate/clusters/install"
)

// New returns the installer. Its version is the charts'.
func New() install.Installer {
	chart := func(name, v string) install.Source {
		return install.Source{
			Name: name + "-" + v + ".tgz", URL: "https://helm.linkerd.io/edge/" + name + "-" + v + ".tgz",
			Chart: true, Release: name, Namespace: "linkerd",
		}
	}
	return &install.Recipe{
		ID: "linkerd", Called: "Linkerd", For: install.Mesh, Known: []string{"2025.8.3"}, Wants: install.Needs{GatewayAPI: true},
		Sources: func(v string) []install.Source {
			return []install.Source{chart("linkerd-crds", v), chart("linkerd-control-plane", v)}
		},
		Prepare: func(now time.Time) ([]*unstructured.Unstructured, map[string]any, error) {
			c, err := certificates(now)
			if err != nil {
				return nil, nil, err
			}
			return nil, map[string]any{
				"identityTrustAnchorsPEM": c.anchor,
				"identity":                map[string]any{"issuer": map[string]any{"tls": map[string]any{"crtPEM": c.issuer, "keyPEM": c.key}}},
			}, nil
		},
		Tested: []install.Proof{{Version: "2025.8.3", What: install.Never}},
	}
}
