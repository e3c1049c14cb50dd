// Package istio installs Istio from its Helm charts: on sidecars, in ambient mode,
// without proxies for gRPC workloads, and as a gateway.
package istio

import "github.com/netfate/netfate/clusters/install"

const namespace = "istio-system"

// version is the default one.
const version = "1.31.0"

// chart is one of Istio's charts.
func chart(name, v, release string, values map[string]any) install.Source {
	return install.Source{
		Name: name + "-" + v + ".tgz", URL: "https://istio-release.storage.googleapis.com/charts/" + name + "-" + v + ".tgz",
		Chart: true, Release: release, Namespace: namespace, Values: values,
	}
}

func control(v string, values map[string]any) []install.Source {
	return []install.Source{chart("base", v, "istio-base", nil), chart("istiod", v, "istiod", values)}
}

func proofs() []install.Proof {
	return []install.Proof{{Version: version, Date: "2026-11-27", What: install.Rendered,
		Where: "the charts of Go module istio.io/istio v0.0.0-20260827124520-eed52ebb66ad"}}
}

// Sidecar returns the installer of Istio with a proxy beside each workload.
func Sidecar() install.Installer {
	return &install.Recipe{
		ID: "istio", Called: "Istio on sidecars", For: install.Mesh, Known: []string{version}, Says: "istio-sidecar",
		Sources: func(v string) []install.Source { return control(v, nil) }, Tested: proofs(),
	}
}

// Ambient returns the installer of Istio with one proxy a node.
func Ambient() install.Installer {
	ambient := map[string]any{"profile": "ambient"}
	return &install.Recipe{
		ID: "istio-ambient", Called: "Istio in ambient mode", For: install.Mesh, Known: []string{version}, Wants: install.Needs{GatewayAPI: true},
		Sources: func(v string) []install.Source {
			return append(control(v, ambient), chart("cni", v, "istio-cni", ambient), chart("ztunnel", v, "ztunnel", nil))
		},
		Tested: proofs(),
	}
}

// Proxyless returns the installer of istiod alone, for gRPC workloads that speak xDS.
func Proxyless() install.Installer {
	return &install.Recipe{
		ID: "istio-proxyless", Called: "Istio without proxies (gRPC)", For: install.Mesh, Known: []string{version},
		Sources: func(v string) []install.Source { return control(v, nil) }, Tested: proofs(),
	}
}

// Gateway returns the installer of Istio's gateway, with the istiod that it needs.
func Gateway() install.Installer {
	return &install.Recipe{
		ID: "istio-gateway", Called: "Istio gateway", For: install.Gateway, Known: []string{version}, Wants: install.Needs{GatewayAPI: true},
		Sources: func(v string) []install.Source {
			return append(control(v, nil), chart("gateway", v, "istio-ingress", map[string]any{"service": map[string]any{"type": "ClusterIP"}}))
		},
		Tested: proofs(),
	}
}
