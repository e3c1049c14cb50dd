package policytest

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
)

// Dump writes what a translator made of objects, in a form that people can
// check and that changes when the meaning does.
func Dump(out policyapi.Output) string {
	var b strings.Builder
	for _, p := range out.Policies {
		dumpPolicy(&b, p.Tier, p.Policy)
	}
	for _, g := range out.Gaps {
		fmt.Fprintf(&b, "gap (may allow %t, may deny %t) %s: %s\n", g.MayAllow, g.MayDeny, place(g.Origin), g.Text)
	}
	for _, p := range out.Problems {
		b.WriteString(p.Error())
		if p.Rejected {
			b.WriteString(" [rejected]")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func dumpPolicy(b *strings.Builder, tier string, p *model.Policy) {
	fmt.Fprintf(b, "%s %s of %s", tier, p.Direction, pods(&p.Subject))
	if p.Priority != 0 {
		fmt.Fprintf(b, ", priority %g", p.Priority)
	}
	fmt.Fprintf(b, ": %s  @%s\n", [...]string{"then next tier", "then deny", "then allow"}[p.Unmatched], place(p.Origin))
	if p.Domain != nil {
		fmt.Fprintf(b, "  only %s: %s\n", algebra.FormatConns(p.Domain), reason(p.DomainReason))
	}
	if p.Uncertain != nil {
		fmt.Fprintf(b, "  perhaps: %s\n", reason(p.Uncertain))
	}
	for i := range p.Rules {
		dumpRule(b, p, &p.Rules[i])
	}
}

func dumpRule(b *strings.Builder, p *model.Policy, r *model.Rule) {
	fmt.Fprintf(b, "  %s %s  @%s\n", r.Action, traffic(&r.Traffic), place(r.Origin))
	if r.Uncertain != nil {
		fmt.Fprintf(b, "    perhaps: %s\n", reason(r.Uncertain))
	}
	word := "from"
	if p.Direction == model.Egress {
		word = "to"
	}
	switch {
	case r.AnyPeer:
		fmt.Fprintf(b, "    %s anything\n", word)
	case len(r.Peers) == 0:
		fmt.Fprintf(b, "    %s nothing\n", word)
	}
	for i := range r.Peers {
		q := &r.Peers[i]
		fmt.Fprintf(b, "    %s %s  @%s\n", word, peer(q), place(q.Origin))
		if q.Uncertain != nil {
			fmt.Fprintf(b, "      perhaps: %s\n", reason(q.Uncertain))
		}
	}
}

func peer(p *model.Peer) string {
	switch {
	case p.Pods != nil:
		return pods(p.Pods)
	case p.Nodes != nil:
		return "nodes " + p.Nodes.Labels.String()
	case p.Block != nil:
		s := fmt.Sprintf("addresses %s, pods %s, nodes %s", p.Block.Addrs, p.Block.Scope.Pods, p.Block.Scope.Nodes)
		if r := p.Block.Scope.Reason; r != nil {
			s += "; " + reason(r)
		}
		if r := p.Block.Scope.NodesReason; r != nil && r != p.Block.Scope.Reason {
			s += "; " + reason(r)
		}
		return s
	default:
		return "hosts " + strings.Join(p.Domains.Patterns, ", ") + "; " + reason(p.Domains.Reason)
	}
}

func pods(s *model.Selector) string {
	out := s.String()
	switch {
	case s.OnlyHost:
		out += ", on the host network"
	case s.HostNetwork:
		out += ", also on the host network"
	}
	if !s.LocalCluster {
		out += ", of any cluster"
	}
	return out
}

func traffic(t *model.Traffic) string {
	var parts []string
	if t.Any {
		parts = append(parts, "everything")
	}
	if len(t.Conns) > 0 {
		parts = append(parts, algebra.FormatConns(t.Conns))
	}
	for _, n := range t.Named {
		if n.HasProtocol {
			parts = append(parts, n.Protocol.String()+" port "+n.Name)
		} else {
			parts = append(parts, "port "+n.Name)
		}
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, " and ")
}

func reason(r *model.Reason) string {
	if r == nil {
		return "NO REASON"
	}
	return fmt.Sprintf("%s (%s)", r, r.Confidence)
}

func place(o model.Origin) string {
	if o.Field == "" {
		return fmt.Sprintf("%d", o.Line)
	}
	return fmt.Sprintf("%d %s", o.Line, o.Field)
}
