package clusterkit

import (
	"strings"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// validDomain tells whether a name fits the pattern of the definition:
//
//	^(\*\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?$
//
// Its first class spells A-z, which also holds the characters between Z and a.
func validDomain(name string) bool {
	name = strings.TrimPrefix(name, "*.")
	name = strings.TrimSuffix(name, ".")
	labels := strings.Split(name, ".")
	if len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if !validLabel(l) {
			return false
		}
	}
	return true
}

func validLabel(l string) bool {
	if l == "" || !letterOrDigit(l[0]) && (l[0] < '[' || l[0] > '`') {
		return false
	}
	for i := 1; i < len(l); i++ {
		inner := i < len(l)-1 && (l[i] == '-' || l[i] == '_')
		if !letterOrDigit(l[i]) && !inner {
			return false
		}
	}
	return true
}

func letterOrDigit(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// domains returns a peer for host names. Names are compared in lower case and
// without the dot of the root.
func (b *builder) domains(p *Peer) model.Peer {
	patterns := make([]string, len(p.Domains))
	for i, d := range p.Domains {
		patterns[i] = strings.ToLower(strings.TrimSuffix(d, "."))
	}
	place := p.At.Origin()
	return model.Peer{
		Domains: &model.Domains{Patterns: patterns, Reason: &model.Reason{
			Kind: model.MissingFact, Row: "N21", Confidence: model.Source, Origin: place,
			Text: "domainNames match the addresses that these names resolve to, which manifests do not say",
		}},
		Origin: place,
	}
}

// dns returns the rule for DNS that an implementation adds to a domainNames peer
// (N22): to the cluster's DNS pods on their ports dns and dns-tcp. That it is
// for these names only is a gap.
func (b *builder) dns(p *Peer) model.Rule {
	var ports rulekit.Ports
	ports.Name("dns", 0, false)
	ports.Name("dns-tcp", 0, false)
	b.AddGap(model.Gap{
		Origin: p.At.Origin(), MayDeny: true,
		Text: "DNS is accepted for the names of the peer only, other names are refused: " + b.Profile.DomainDNS.Text,
	})
	return model.Rule{
		Action: model.Allow, Traffic: ports.Traffic(b.Profile), Origin: p.At.Origin(),
		Peers: []model.Peer{{
			Pods:   &model.Selector{PodLabels: model.In("k8s-app", "kube-dns"), LocalCluster: b.Profile.LocalCluster.Value},
			Origin: p.At.Origin(),
		}},
	}
}
