// Package all lists the installers. One is added by its package and its line here.
package all

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/clusters/install"
	"github.com/netfate/netfate/clusters/install/antrea"
	"github.com/netfate/netfate/clusters/install/calico"
	"github.com/netfate/netfate/clusters/install/cilium"
	"github.com/netfate/netfate/clusters/install/envoygateway"
	"github.com/netfate/netfate/clusters/install/gatewayapi"
	"github.com/netfate/netfate/clusters/install/istio"
	"github.com/netfate/netfate/clusters/install/kindnet"
	"github.com/netfate/netfate/clusters/install/kuberouter"
	"github.com/netfate/netfate/clusters/install/kuma"
	"github.com/netfate/netfate/clusters/install/linkerd"
	"github.com/netfate/netfate/clusters/install/netd"
	"github.com/netfate/netfate/clusters/install/nginxgateway"
	"github.com/netfate/netfate/clusters/install/ovnkubernetes"
	"github.com/netfate/netfate/clusters/install/policycrds"
	"github.com/netfate/netfate/clusters/install/reference"
	"github.com/netfate/netfate/clusters/install/traefik"
	"github.com/netfate/netfate/sim"
)

// Installers returns every installer: networks, meshes, gateways, definitions.
func Installers() []install.Installer {
	return []install.Installer{
		cilium.New(), calico.New(), antrea.New(), ovnkubernetes.New(), kuberouter.New(), kindnet.New(), reference.New(), netd.New(),
		istio.Sidecar(), istio.Ambient(), istio.Proxyless(), linkerd.New(), kuma.New(),
		envoygateway.New(), traefik.New(), nginxgateway.New(), istio.Gateway(),
		gatewayapi.New(), policycrds.New(),
	}
}

// Of returns the installers of a role.
func Of(role install.Role) []install.Installer {
	var out []install.Installer
	for _, i := range Installers() {
		if i.Role() == role {
			out = append(out, i)
		}
	}
	return out
}

// Choose returns the installer of "name" or "name@version" in a role. The error
// names the nearest ones, or the versions that are known.
func Choose(role install.Role, text string) (install.Choice, error) {
	name, version, pinned := strings.Cut(text, "@")
	var names []string
	for _, i := range Of(role) {
		if i.Name() != name {
			names = append(names, i.Name())
			continue
		}
		if !pinned {
			return install.Choice{Installer: i, Version: i.Versions()[0]}, nil
		}
		version = strings.TrimPrefix(version, "v")
		if !isVersion(version) {
			return install.Choice{}, fmt.Errorf("--%s %s: %q is no version: want digits and dots; known are %s", role, text, version, strings.Join(i.Versions(), ", "))
		}
		return install.Choice{Installer: i, Version: version}, nil
	}
	hint := "there are " + strings.Join(names, ", ")
	if near := sim.Nearest(name, names, 1); len(near) > 0 {
		hint = fmt.Sprintf("did you mean %q? %s", near[0], hint)
	}
	return install.Choice{}, fmt.Errorf("no %s %q: %s", role, name, hint)
}

func isVersion(v string) bool {
	if v == "" || v[0] < '0' || v[0] > '9' {
		return false
	}
	for _, r := range v {
		if r != '.' && r != '-' && r != '+' && (r < '0' || r > '9') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return true
}
