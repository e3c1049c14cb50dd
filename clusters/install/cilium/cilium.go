// Package cilium installs Cilium from its Helm chart, with ClusterNetworkPolicy
// turned on, as the profile takes it. The offline lab's Cilium has no operator and
// no Envoy, and so no rules of layer 7.
package cilium

import (
	_ "embed"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/netfate/netfate/clusters/install"
)

//go:embed lab.yaml
var lab []byte

// New returns the installer.
func New() install.Installer {
	return &install.Recipe{
		ID: "cilium", Called: "Cilium", For: install.Network, Known: []string{"1.20.2"},
		Wants: install.Needs{NoCNI: true}, Says: "cilium",
		Sets: map[string]string{"k8sClusterNetworkPolicy": "true", "kubeProxyReplacement": "false", "routing": "tunnel"},
		Sources: func(v string) []install.Source {
			return []install.Source{{
				Name: "cilium-" + v + ".tgz", URL: "https://helm.cilium.io/cilium-" + v + ".tgz",
				Chart: true, Release: "cilium", Namespace: "kube-system",
				Values: map[string]any{
					"ipam": map[string]any{"mode": "kubernetes"}, "operator": map[string]any{"replicas": 1},
					"k8sClusterNetworkPolicy": map[string]any{"enabled": true}, "image": map[string]any{"pullPolicy": "IfNotPresent"},
				},
			}}
		},
		Lab: fromLab,
		Tested: []install.Proof{
			{
				Version: "1.20.2", Date: "2026-11-27", What: install.Ran, Where: install.OfflineLab, Recorded: "cilium-1.20.2",
				Note: "with --lab: the agent by the lab's manifest, not by the vendor's chart; no operator, no Envoy",
			},
			{Version: "1.20.2", What: install.Never, Note: "without --lab: the vendor's chart"},
		},
	}
}

// fromLab returns the agent of the lab with Cilium's own definitions, which its
// operator would create.
func fromLab(dir, v string) ([]install.Source, []string) {
	name := "cilium-" + v + "-crds.yaml"
	return []install.Source{
		{Name: name, File: filepath.Join(dir, "manifests", name)},
		{Name: "cilium.yaml", Data: lab, Edit: setServer},
	}, []string{filepath.Join(dir, "img", "cilium.tar")}
}

// setServer names the API server to the agent, since Services do not work before it runs.
func setServer(e *install.Env, o *unstructured.Unstructured) error {
	if o.GetKind() != "DaemonSet" {
		return nil
	}
	containers, _, err := unstructured.NestedSlice(o.Object, "spec", "template", "spec", "containers")
	if err != nil {
		return err
	}
	for _, c := range containers {
		for _, v := range c.(map[string]any)["env"].([]any) {
			env := v.(map[string]any)
			if s, ok := env["value"].(string); ok {
				env["value"] = strings.ReplaceAll(s, "API_SERVER", e.Cluster+"-control-plane")
			}
		}
	}
	return unstructured.SetNestedSlice(o.Object, containers, "spec", "template", "spec", "containers")
}
