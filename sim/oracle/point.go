package oracle

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// point is one enforcement point asked about one connection: the policies of
// one direction that select the subject, and the peer at the other end.
type point struct {
	m        *model.Model
	nsLabels map[string]model.Labels
	dir      model.Direction
	subject  *model.Endpoint
	peer     model.Party
	q        Question
	// defaultDeny is what a default deny yields: MayDeny, but MayAllow for the
	// local node where only rules can stop it.
	defaultDeny Outcomes
	// inForce says of each doubt about policies whether those policies are in
	// force; nil takes each policy's doubt alone, at each place.
	inForce map[model.Doubt]bool
}

// DecidePoint returns the possible outcomes at one enforcement point: the egress
// of the endpoint subject toward peer, or its ingress from peer. The endpoint
// and the peer are those of the question.
func DecidePoint(m *model.Model, dir model.Direction, subject int, peer model.Party, q Question) Outcomes {
	p := &point{m: m, nsLabels: m.NamespaceLabels(), dir: dir, subject: &m.Endpoints[subject],
		peer: peer, q: q, defaultDeny: MayDeny}
	doubts := p.doubts()
	if len(doubts) == 0 || len(doubts) > model.MaxDoubts {
		return p.decide()
	}
	var out Outcomes
	for assignment := range 1 << len(doubts) {
		p.inForce = map[model.Doubt]bool{}
		for i, d := range doubts {
			p.inForce[d] = assignment&(1<<i) != 0
		}
		out |= p.decide()
	}
	return out
}

func (p *point) decide() Outcomes {
	if p.dir == model.Ingress {
		return p.fromLocalNode()
	}
	return p.possible(0, false)
}

// doubts lists what is not known about the policies that select the subject.
func (p *point) doubts() []model.Doubt {
	var out []model.Doubt
	for t := range p.m.Tiers {
		for _, policy := range p.selecting(t) {
			if policy.Uncertain != nil && !slices.Contains(out, policy.Uncertain.Doubt()) {
				out = append(out, policy.Uncertain.Doubt())
			}
		}
	}
	return out
}

// doubtful tells whether a policy may or may not be in force, where no
// assignment settles it.
func (p *point) doubtful(policy *model.Policy) bool {
	return policy.Uncertain != nil && p.inForce == nil
}

// key is the connection as a point of the connection space.
func (p *point) key() uint32 { return algebra.ConnKey(p.q.Family, p.q.Protocol, p.q.Port) }

// possible returns what the tiers from t on may do with the connection. deferred
// tells that an earlier tier isolates the subject and left its deny to the end.
func (p *point) possible(t int, deferred bool) Outcomes {
	if t >= len(p.m.Tiers) {
		if deferred {
			return p.defaultDeny
		}
		return MayAllow
	}
	policies := p.selecting(t)
	if p.undefined(policies) {
		return either
	}
	outcomes, certain := p.walkTier(t, policies, deferred)
	if certain {
		return outcomes
	}
	return outcomes | p.unmatched(t, policies, deferred)
}

// selecting returns the policies of a tier that are of the direction and select
// the subject, in the tier's order.
func (p *point) selecting(t int) []*model.Policy {
	var out []*model.Policy
	ns := model.LabelsOf(p.nsLabels, p.subject)
	for _, policy := range p.m.Tiers[t].Policies {
		if policy.Direction == p.dir && policy.Subject.Matches(p.subject, ns) && !p.ruledOut(policy) {
			out = append(out, policy)
		}
	}
	return out
}

// ruledOut tells whether the assignment takes a policy as not in force.
func (p *point) ruledOut(policy *model.Policy) bool {
	return policy.Uncertain != nil && p.inForce != nil && !p.inForce[policy.Uncertain.Doubt()]
}

// undefined tells whether one of the policies belongs to an API that does not
// define the fate of such a connection.
func (p *point) undefined(policies []*model.Policy) bool {
	for _, policy := range policies {
		if policy.Domain != nil && !policy.Domain.Contains(p.key()) {
			return true
		}
	}
	return false
}

// unmatched returns what may become of a connection that no rule of tier t
// decided for certain. An uncertain policy may be in force or not: both are
// followed, and deny goes before allow whenever it is in force.
func (p *point) unmatched(t int, policies []*model.Policy, deferred bool) Outcomes {
	switch p.strongest(policies, model.UnmatchedDeny) {
	case algebra.Yes:
		return p.isolated(t)
	case algebra.Maybe:
		return p.isolated(t) | p.notIsolated(t, policies, deferred)
	}
	return p.notIsolated(t, policies, deferred)
}

// isolated is the default deny of tier t, now or at the end.
func (p *point) isolated(t int) Outcomes {
	if p.m.Tiers[t].DenyAtEnd {
		return p.possible(t+1, true)
	}
	return p.defaultDeny
}

// notIsolated is the end of tier t where no default deny is in force.
func (p *point) notIsolated(t int, policies []*model.Policy, deferred bool) Outcomes {
	switch p.strongest(policies, model.UnmatchedAllow) {
	case algebra.Yes:
		return MayAllow
	case algebra.Maybe:
		return MayAllow | p.possible(t+1, deferred)
	}
	return p.possible(t+1, deferred)
}

// strongest tells whether a policy with such an end is in force: Yes if a
// certain one is, Maybe if only uncertain ones may be.
func (p *point) strongest(policies []*model.Policy, u model.Unmatched) algebra.Tri {
	found := algebra.No
	for _, policy := range policies {
		switch {
		case policy.Unmatched != u:
		case !p.doubtful(policy):
			found = algebra.Yes
		default:
			found = found.Or(algebra.Maybe)
		}
	}
	return found
}
