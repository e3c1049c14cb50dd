package engine

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// program lays out the policies of a subject, which are in comparePolicies'
// order. ports are the subject's named ports.
func (b *builder) program(policies []*policy, ports []model.NamedPort) program {
	p := program{doubts: doubtsOf(policies), silent: algebra.NoneID}
	if len(policies) > 0 {
		p.tiers = make([]step, 0, 1)
	}
	for i := 0; i < len(policies); {
		j := i
		for j < len(policies) && policies[j].tier == policies[i].tier {
			j++
		}
		s := b.step(&p, policies[i:j:j], ports)
		p.entries += len(s.entries)
		p.tiers = append(p.tiers, s)
		i = j
	}
	if p.union = isUnion(&p); p.union {
		for _, pol := range policies {
			p.silent = b.in.Union(p.silent, pol.outside)
		}
	}
	return p
}

// isUnion tells whether all there is are rules that allow under a default deny.
func isUnion(p *program) bool {
	if len(p.tiers) != 1 || len(p.doubts) > 0 {
		return false
	}
	s := &p.tiers[0]
	return s.denies.sure && !s.defers && !slices.ContainsFunc(s.entries, func(e entry) bool { return e.action != model.Allow })
}

func (b *builder) step(prog *program, policies []*policy, ports []model.NamedPort) step {
	tier := &b.m.Tiers[policies[0].tier]
	s := step{tier: policies[0].tier, passTo: tier.PassTo, defers: tier.DenyAtEnd, alone: tier.Tie == model.TieUndefined, policies: policies}
	variants := 0
	for i, p := range policies {
		s.add(i, p, prog.number(p.src.Uncertain))
		prog.rules += len(p.rules)
		variants += p.variants
	}
	if tier.Tie == model.TieDenyFirst {
		s.order = s.denyFirst()
	}
	s.entries = b.entries.take(variants)[:0]
	if s.order == nil {
		for i, p := range policies {
			for r := range p.rules {
				b.appendEntries(&s, prog, ruleRef{int32(i), int32(r)}, ports)
			}
		}
		return s
	}
	for _, ref := range s.order {
		b.appendEntries(&s, prog, ref, ports)
	}
	return s
}

// add takes note of the i-th policy.
func (s *step) add(i int, p *policy, doubt int8) {
	if doubt != always && s.doubts == nil {
		s.doubts = slices.Repeat([]int8{always}, len(s.policies))
	}
	if s.doubts != nil {
		s.doubts[i] = doubt
	}
	switch p.src.Unmatched {
	case model.UnmatchedDeny:
		s.denies.add(doubt)
	case model.UnmatchedAllow:
		s.accepts.add(doubt)
	}
	s.outside = s.outside || p.outside != algebra.NoneID
}

func (s *step) denyFirst() []ruleRef {
	out := []ruleRef{}
	for i, p := range s.policies {
		for r := range p.rules {
			out = append(out, ruleRef{int32(i), int32(r)})
		}
	}
	slices.SortStableFunc(out, s.compareDenyFirst)
	return out
}

func (b *builder) appendEntries(s *step, prog *program, ref ruleRef, ports []model.NamedPort) {
	doubt := s.doubt(ref.policy)
	variants := s.policies[ref.policy].rules[ref.rule]
	for i := range variants {
		v := &variants[i]
		conns := v.conns
		if v.traffic != nil {
			conns = b.traffic(v.traffic, ports, v.fam)
		}
		if conns == algebra.NoneID {
			continue
		}
		s.entries = append(s.entries, entry{variant: v, ruleRef: ref, conns: conns, policyDoubt: doubt, peerDoubt: prog.number(v.doubt)})
	}
}
