package sim

import (
	"fmt"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/profile"
)

// Options say under which assumptions a snapshot is read.
type Options struct {
	Network  string   // profile, such as "kubernetes", "calico", "cilium@1.20"; "" is the snapshot's own, or "kubernetes"
	Lenient  bool     // unknown fields are warnings, not errors
	PodCIDRs []string // addresses of pods whose address is not in the snapshot
	Mesh     string   // profile of the mesh, such as "istio-sidecar"; "" is what the snapshot shows, "none" is none
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

// Networks lists the profiles that Options.Network accepts.
func Networks() []string { return profile.Names() }
