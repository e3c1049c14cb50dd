package random

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/oracle"
)

// Dump returns a model as a compact text: one line for each namespace, endpoint,
// tier, policy and rule, with all that evaluation looks at.
func Dump(m *model.Model) string {
	var b strings.Builder
	if m.Profile != nil {
		fmt.Fprintf(&b, "local node: %s\n", [...]string{"allowed", "last", "root", "evaluated"}[m.Profile.LocalNode.Value])
	}
	if !m.PodAddrs.Empty() {
		fmt.Fprintf(&b, "pods have addresses in %s\n", m.PodAddrs)
	}
	for i := range m.Namespaces {
		n := &m.Namespaces[i]
		fmt.Fprintf(&b, "namespace %s {%s}%s\n", n.Name, n.Labels, set(" cluster=", n.Cluster))
	}
	for i := range m.Endpoints {
		fmt.Fprintf(&b, "%d: %s\n", i, endpointText(&m.Endpoints[i]))
	}
	for i := range m.Tiers {
		writeTier(&b, i, &m.Tiers[i])
	}
	return b.String()
}

// DumpQuestion returns a question as text, with the names that Dump shows.
func DumpQuestion(m *model.Model, q oracle.Question) string {
	return fmt.Sprintf("%s -> %s on %s %s", partyText(m, q.From), partyText(m, q.To), q.Family,
		model.PortText(q.Protocol, q.Port))
}

func partyText(m *model.Model, p model.Party) string {
	switch p.Kind {
	case model.PartyEndpoint:
		return fmt.Sprintf("%d: %s", p.Index, m.Endpoints[p.Index].ID())
	case model.PartyAddress:
		return p.Addr.String()
	}
	return p.Host
}

func endpointText(e *model.Endpoint) string {
	s := fmt.Sprintf("%s %s {%s}%s", strings.ToLower(e.Kind.String()), e.ID(), e.Labels, set(" cluster=", e.Cluster))
	for i, ip := range e.IPs {
		s += []string{" ips=", ","}[min(i, 1)] + ip.String()
	}
	for i, p := range e.Ports {
		s += []string{" ports=", ","}[min(i, 1)] + fmt.Sprintf("%s:%s/%d", p.Name, p.Protocol, p.Port)
	}
	return s + set(" node=", e.Node) + flag(e.HostNetwork, " host") + flag(e.Template, " template")
}

func writeTier(b *strings.Builder, i int, t *model.Tier) {
	fmt.Fprintf(b, "tier %d %s %s pass-to=%d%s\n", i, t.Name,
		[...]string{"undefined-ties", "by-key", "deny-first", "union"}[t.Tie], t.PassTo, flag(t.DenyAtEnd, " deny-at-end"))
	for _, p := range t.Policies {
		fmt.Fprintf(b, "  %s %s\n", name(p), policyText(p))
		for j := range p.Rules {
			fmt.Fprintf(b, "    %s\n", ruleText(&p.Rules[j]))
		}
	}
}

func name(p *model.Policy) string {
	if p.Origin.Object == nil {
		return "policy"
	}
	return p.Origin.Object.Name
}

// set returns a value behind its title, or nothing where it is empty.
func set(title, value string) string {
	if value == "" {
		return ""
	}
	return title + value
}

// flag returns a word where it holds.
func flag(on bool, word string) string {
	if !on {
		return ""
	}
	return word
}
