// Package reference installs the offline lab's own node agent: verdicts come from
// the engine of kube-network-policies 1.1.0, imported as a library, over the network
// of the lab's node image. It exists in the lab only.
package reference

import (
	"path/filepath"

	"github.com/netfate/netfate/clusters/install"
)

// New returns the installer.
func New() install.Installer {
	return &install.Recipe{
		ID: "reference", Called: "the lab's reference agent (engine of kube-network-policies)", For: install.Network, Known: []string{"1.1.0"},
		Says: "kube-network-policies",
		Sets: map[string]string{"npa": "v1alpha2"},
		Tested: []install.Proof{{
			Version: "1.1.0", Date: "2026-11-27", What: install.Ran, Where: install.OfflineLab, Recorded: "reference-1.1.0",
			Note: "the lab's own agent around the engine of kube-network-policies 1.1.0, not the project's program",
		}},
		Sources: func(string) []install.Source { return nil },
		Lab: func(dir, _ string) ([]install.Source, []string) {
			return []install.Source{{Name: "reference.yaml", File: filepath.Join(dir, "manifests", "reference.yaml")}},
				[]string{filepath.Join(dir, "img", "reference.tar")}
		},
	}
}
