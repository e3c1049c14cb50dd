package sim

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/gatewayapi"
	"github.com/netfate/netfate/sim/profile"
)

// Options say under which assumptions a snapshot is read.
type Options struct {
	Network  string   // profile, such as "kubernetes", "calico", "cilium@1.20"; "" is the snapshot's own, or "kubernetes"
	Lenient  bool     // unknown fields are warnings, not errors
	PodCIDRs []string // addresses of pods whose address is not in the snapshot
	// PodIPs are addresses of pods that a template stands for, by "namespace/name": of the
	// one pod that was made for it, such as a mirror's.
	PodIPs map[string][]netip.Addr
	Mesh   string // profile of the mesh, such as "istio-sidecar"; "" is what the snapshot shows, "none" is none
	// GatewayPods names the pods that carry a gateway's traffic where their labels
	// do not say: "namespace/gateway" to "namespace/label=value,...".
	GatewayPods map[string]string
}

// DefaultNetwork is the neutral profile: the text of the APIs.
const DefaultNetwork = "kubernetes"

func (o Options) podAddrs() (algebra.AddrSet, error) {
	var out algebra.AddrSet
	for _, text := range o.PodCIDRs {
		s, err := algebra.ParseAddrSet(text)
		if err != nil {
			return nil, fmt.Errorf("pod CIDR %q: %w", text, err)
		}
		out = out.Union(s)
	}
	return out, nil
}

// place gives pods of templates the addresses that are stated for them.
func (o Options) place(m *model.Model) {
	for i := range m.Endpoints {
		if e := &m.Endpoints[i]; e.Kind == model.Pod && e.Cluster == "" && len(e.IPs) == 0 {
			e.IPs = o.PodIPs[e.ID()]
		}
	}
}

// check refuses options that no snapshot can meet.
func (o Options) check() error {
	if o.Mesh != "" && o.Mesh != NoMesh {
		if _, err := profile.ParseMesh(o.Mesh); err != nil {
			return err
		}
	}
	for gateway, pods := range o.GatewayPods {
		if _, _, err := gatewayapi.ParsePods(pods); err != nil {
			return fmt.Errorf("the pods of gateway %s: %w", gateway, err)
		}
	}
	return nil
}

// unusedPods warns of pods for gateways that the model does not have.
func (o Options) unusedPods(m *model.Model) []model.Problem {
	known := make([]string, len(m.Gateways))
	for g := range m.Gateways {
		known[g] = m.Gateways[g].ID()
	}
	var out []model.Problem
	for _, gateway := range keys(o.GatewayPods) {
		if !slices.Contains(known, gateway) {
			out = append(out, model.Problem{Message: "pods are given for a gateway: " + unknown("gateway", gateway, known).Error()})
		}
	}
	return out
}

// NoMesh in Options.Mesh is no mesh, whatever the snapshot shows.
const NoMesh = "none"

// Meshes lists the profiles that Options.Mesh accepts besides NoMesh.
func Meshes() []string { return profile.MeshNames() }

// Networks lists the profiles that Options.Network accepts.
func Networks() []string { return profile.Names() }
