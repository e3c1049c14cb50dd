// Package ovnkubernetes installs OVN-Kubernetes from the Helm chart in its source
// archive. It takes kube-proxy's place and needs the kernel's openvswitch.
package ovnkubernetes

import "github.com/netfate/netfate/clusters/install"

// New returns the installer.
func New() install.Installer {
	const pods, services = "10.244.0.0/16", "10.96.0.0/16"
	return &install.Recipe{
		ID: "ovn-kubernetes", Called: "OVN-Kubernetes", For: install.Network, Known: []string{"1.1.0"},
		Wants: install.Needs{NoCNI: true, NoKubeProxy: true, PodSubnet: pods}, Says: "ovn-kubernetes",
		Sources: func(v string) []install.Source {
			return []install.Source{{
				Name: "ovn-kubernetes-" + v + ".tar.gz", URL: "https://github.com/ovn-kubernetes/ovn-kubernetes/archive/refs/tags/v" + v + ".tar.gz",
				Chart: true, Dir: "helm/ovn-kubernetes", Release: "ovn-kubernetes", Namespace: "ovn-kubernetes",
				Values: map[string]any{"podNetwork": pods + "/24", "serviceNetwork": services},
			}}
		},
		Tested: []install.Proof{{Version: "1.1.0", What: install.Never}},
	}
}
