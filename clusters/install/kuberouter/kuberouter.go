// Package kuberouter installs kube-router from the project's manifest for kubeadm.
package kuberouter

import "github.com/netfate/netfate/clusters/install"

// New returns the installer.
func New() install.Installer {
	return &install.Recipe{
		ID: "kube-router", Called: "kube-router", For: install.Network, Known: []string{"2.1.0"}, Wants: install.Needs{NoCNI: true},
		Sources: func(v string) []install.Source {
			return []install.Source{{
				Name: "kube-router-" + v + ".yaml",
				URL:  "https://raw.githubusercontent.com/cloudnativelabs/kube-router/v" + v + "/daemonset/kubeadm-kuberouter.yaml",
			}}
		},
		Tested: []install.Proof{{Version: "2.1.0", What: install.Never}},
	}
}
