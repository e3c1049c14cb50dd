package random

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

func policyText(p *model.Policy) string {
	s := fmt.Sprintf("%s of %s priority=%g%s unmatched=%s", p.Direction, selectorText(&p.Subject), p.Priority,
		set(" key=", p.TieKey), [...]string{"next", "deny", "allow"}[p.Unmatched])
	if p.Domain != nil {
		s += " domain=[" + algebra.FormatConns(p.Domain) + "]"
	}
	return s + flag(p.Uncertain != nil, " UNCERTAIN")
}

func ruleText(r *model.Rule) string {
	peers := []string{}
	for i := range r.Peers {
		peers = append(peers, peerText(&r.Peers[i]))
	}
	who := strings.Join(peers, " or ")
	switch {
	case r.AnyPeer:
		who = "anyone"
	case who == "":
		who = "nobody"
	}
	return fmt.Sprintf("%s %s on %s%s", r.Action, who, trafficText(&r.Traffic), flag(r.Uncertain != nil, " UNCERTAIN"))
}

func trafficText(t *model.Traffic) string {
	if t.Any {
		return "anything"
	}
	s := "[" + algebra.FormatConns(t.Conns) + "]"
	for _, n := range t.Named {
		s += " or " + n.Name
		if n.HasProtocol {
			s += "/" + n.Protocol.String()
		}
	}
	return s
}

func peerText(p *model.Peer) string {
	s := "nothing"
	switch {
	case p.Pods != nil:
		s = selectorText(p.Pods)
	case p.Nodes != nil:
		s = "nodes " + p.Nodes.Labels.String()
	case p.Block != nil:
		s = fmt.Sprintf("block %s (pods %s, nodes %s)", p.Block.Addrs, p.Block.Scope.Pods, p.Block.Scope.Nodes)
	case p.Domains != nil:
		s = "domains " + strings.Join(p.Domains.Patterns, ",")
	}
	return s + flag(p.Uncertain != nil, " UNCERTAIN")
}

func selectorText(s *model.Selector) string {
	return s.String() + flag(s.HostNetwork, " +host") + flag(s.OnlyHost, " only-host") + flag(s.LocalCluster, " local-cluster")
}
