package profile

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// Meshes returns every mesh's profile. Each call makes new ones.
func Meshes() []*model.MeshProfile { return []*model.MeshProfile{istioSidecar(), istioProxyless()} }

// MeshNames returns the names of all meshes' profiles.
func MeshNames() []string {
	var out []string
	for _, p := range Meshes() {
		out = append(out, p.Name)
	}
	return out
}

// ParseMesh reads a mesh's profile as people write it: "istio-sidecar", or with a
// version "istio-sidecar@1.31". The error of an unknown name says the nearest one.
func ParseMesh(text string) (*model.MeshProfile, error) {
	name, version, _ := strings.Cut(strings.TrimSpace(text), "@")
	for _, p := range Meshes() {
		if p.Name != name {
			continue
		}
		v := strings.TrimPrefix(version, "v")
		if v == "" || v == p.Version || strings.HasPrefix(v, p.Version+".") || strings.HasPrefix(p.Version, v+".") {
			return p, nil
		}
		return nil, fmt.Errorf("mesh profile %s describes version %s; there is none for %s", p.Name, p.Version, version)
	}
	hint := ""
	if near := nearest(name, MeshNames()); near != "" {
		hint = fmt.Sprintf(": did you mean %q?", near)
	}
	return nil, fmt.Errorf("no mesh profile %q%s (known: %s, and none for no mesh)", name, hint, strings.Join(MeshNames(), ", "))
}
