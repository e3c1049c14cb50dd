package reports

import (
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// peerWords returns whom a rule selects.
func peerWords(r *model.Rule) string {
	if r.AnyPeer {
		return "everyone"
	}
	var parts []string
	for i := range r.Peers {
		if w := onePeer(&r.Peers[i]); !slices.Contains(parts, w) {
			parts = append(parts, w)
		}
	}
	if len(parts) == 0 {
		return "nobody"
	}
	return strings.Join(parts, "; ")
}

func onePeer(p *model.Peer) string {
	switch {
	case p.Pods != nil:
		return p.Pods.String()
	case p.Nodes != nil:
		return "nodes " + p.Nodes.Labels.String()
	case p.Domains != nil:
		return strings.Join(p.Domains.Patterns, ", ")
	case p.Block != nil:
		return "addresses " + p.Block.Addrs.String()
	}
	return "an unknown peer"
}

// stepWords returns one step in one line: what it is and why it did what it did.
func stepWords(s *model.Step) string {
	switch {
	case s.Kind == model.StepRule:
		return s.Action.String() + " rule of " + objectAndField(s.Origin) + ": " + s.Why
	case s.Kind != model.StepDefault || s.Origin.Object == nil:
		return s.Why
	}
	what := objectAndField(s.Origin)
	if n := len(s.Others); n > 0 {
		what += " and " + plural(n, "more policy", "more policies")
	}
	if why, ok := strings.CutPrefix(s.Why, "isolated: "); ok {
		return "isolated by " + what + ": " + why
	}
	return what + ": " + s.Why
}

// objectAndField returns "NetworkPolicy shop/a, spec.ingress[0]".
func objectAndField(o model.Origin) string {
	s := ""
	if o.Object != nil {
		s = o.Object.String()
	}
	if o.Field != "" {
		if s != "" {
			s += ", "
		}
		s += o.Field
	}
	return s
}
