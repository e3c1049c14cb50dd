// Package antrea installs Antrea from the project's manifest. It needs the kernel's
// openvswitch.
package antrea

import "github.com/netfate/netfate/clusters/install"

// New returns the installer.
func New() install.Installer {
	return &install.Recipe{
		ID: "antrea", Called: "Antrea", For: install.Network, Known: []string{"2.7.0"},
		Wants: install.Needs{NoCNI: true}, Says: "antrea",
		Sources: func(v string) []install.Source {
			return []install.Source{{
				Name: "antrea-" + v + ".yml", URL: "https://github.com/antrea-io/antrea/releases/download/v" + v + "/antrea.yml",
			}}
		},
		Tested: []install.Proof{{Version: "2.7.0", What: install.Never}},
	}
}
