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

// never is the proof of what was only written.
func never() []install.Proof { return []install.Proof{{Version: version, What: install.Never}} }

// Sidecar returns the installer of Istio with a proxy beside each workload.
func Sidecar() install.Installer {
	return &install.Recipe{
		ID: "istio", Called: "Istio on sidecars", For: install.Mesh, Known: []string{version}, Says: "istio-sidecar",
		Sources: func(v string) []install.Source { return control(v, nil) }, Tested: never(),
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
		Tested: never(),
	}
}

// Proxyless returns the installer of istiod alone, for gRPC workloads that speak xDS.
func Proxyless() install.Installer {
	return &install.Recipe{
		ID: "istio-proxyless", Called: "Istio without proxies (gRPC)", For: install.Mesh, Known: []string{version}, Says: "istio-proxyless",
		Sources: func(v string) []install.Source { return control(v, nil) },
		Lab:     fromLab, LabVersion: labVersion, LabSets: map[string]string{"istiod": labModule, "grpc-go": labGRPC},
		Tested: []install.Proof{
			{Version: version, What: install.Never, Note: "without --lab: the vendor's charts"},
			{
				Version: labVersion, Date: "2026-11-27", What: install.Ran, Where: install.OfflineLab, Recorded: "istio-proxyless-1.31",
				Note: "with --lab: by the lab's manifest, not by the vendor's chart: istiod of Go module istio.io/istio " + labModule + ", no injector",
			},
		},
	}
}

// Gateway returns the installer of Istio's gateway, with the istiod that it needs.
func Gateway() install.Installer {
	return &install.Recipe{
		ID: "istio-gateway", Called: "Istio gateway", For: install.Gateway, Known: []string{version}, Wants: install.Needs{GatewayAPI: true},
		Sources: func(v string) []install.Source {
			return append(control(v, nil), chart("gateway", v, "istio-ingress", map[string]any{"service": map[string]any{"type": "ClusterIP"}}))
		},
		Tested: never(),
	}
}
