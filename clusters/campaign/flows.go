package campaign

import (
	"math/rand/v2"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

// tried is how many things are tried between two pods.
const tried = 5

// between returns one of what is tried between pods: a port that they serve, or an echo request.
func between(i int) (protocol string, port uint16) {
	switch i {
	case 0:
		return observation.TCP, portWeb
	case 1:
		return observation.TCP, portAPI
	case 2:
		return observation.TCP, portPlain
	case 3:
		return observation.UDP, portDNS
	}
	return observation.ICMP, 0
}

// Flows returns the connections that a round tries: between pods of the stage on
// the ports that they serve and as echo requests, a fifth of them to Services. Each
// occurs once.
func Flows(seed uint64, round int, stage []*model.Object, n int) []observation.Flow {
	r := rand.New(rand.NewPCG(seed, uint64(round)<<20|0xf))
	var pods, services []string
	for _, o := range stage {
		switch o.Kind {
		case "Pod":
			pods = append(pods, o.Namespace+"/"+o.Name)
		case "Service":
			services = append(services, o.Namespace+"/"+o.Name)
		}
	}
	if len(pods) == 0 {
		return nil
	}
	type key struct {
		from, to, proto string
		port            uint16
	}
	seen := map[key]bool{}
	var out []observation.Flow
	for tries := 0; len(out) < n && tries < 20*n; tries++ {
		f := observation.Flow{From: observation.Party{Kind: "pod", ID: pods[r.IntN(len(pods))]}, Protocol: "TCP"}
		if r.IntN(5) == 0 && len(services) > 0 {
			f.To = observation.Party{Kind: "service", ID: services[r.IntN(len(services))]}
			f.Port = []uint16{80, 81}[r.IntN(2)]
		} else {
			f.To = observation.Party{Kind: "pod", ID: pods[r.IntN(len(pods))]}
			f.Protocol, f.Port = between(r.IntN(tried))
		}
		k := key{f.From.ID, f.To.Kind + f.To.ID, f.Protocol, f.Port}
		if !seen[k] {
			seen[k] = true
			out = append(out, f)
		}
	}
	return out
}
