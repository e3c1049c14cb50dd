package engine

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Value is what one side of a connection says: the connections it allows for
// certain, and those that it may allow. Allow is a subset of May; what is not
// in May is denied for certain.
type Value struct{ Allow, May algebra.ID }

// evaluator computes the value of a program where some of its entries match.
type evaluator struct {
	in          *algebra.Interner
	prog        *program
	active      []bool // by entry, over all tiers
	local       bool   // the peer is on the subject's node: default denies do not hold
	force       uint32 // the doubts whose policies are taken to be in force
	allow, deny algebra.ID
}

// run evaluates the program for all connections.
func (ev *evaluator) run() Value {
	ev.allow, ev.deny = algebra.NoneID, algebra.NoneID
	for ev.force = range uint32(1) << len(ev.prog.doubts) {
		ev.from(0, algebra.AllID, false)
	}
	return Value{Allow: ev.in.Subtract(ev.allow, ev.deny), May: ev.allow}
}

// from evaluates the connections that reach tier t. deferred tells that an
// earlier tier's default deny waits for the end.
func (ev *evaluator) from(t int, live algebra.ID, deferred bool) {
	base := 0
	for i := range ev.prog.tiers {
		s := &ev.prog.tiers[i]
		if s.tier >= t {
			live, deferred = ev.tier(s, base, live, deferred)
		}
		if live == algebra.NoneID {
			return
		}
		base += len(s.entries)
	}
	if deferred && !ev.local {
		ev.deny = ev.in.Union(ev.deny, live)
	} else {
		ev.allow = ev.in.Union(ev.allow, live)
	}
}

// tier returns the connections that go on to the next tier.
func (ev *evaluator) tier(s *step, base int, live algebra.ID, deferred bool) (algebra.ID, bool) {
	if s.outside {
		out := ev.in.Intersect(live, ev.silent(s))
		ev.allow = ev.in.Union(ev.allow, out)
		ev.deny = ev.in.Union(ev.deny, out)
		live = ev.in.Subtract(live, out)
	}
	for i := 0; i < len(s.entries) && live != algebra.NoneID; {
		end := i + 1
		for end < len(s.entries) && (!s.alone || s.priority(s.entries[end].ruleRef) == s.priority(s.entries[i].ruleRef)) {
			end++
		}
		live = ev.group(s, base, i, end, live, deferred)
		i = end
	}
	if live == algebra.NoneID {
		return live, deferred
	}
	return ev.end(s, live, deferred)
}

// silent returns the connections on which the API of a policy in force is silent.
func (ev *evaluator) silent(s *step) algebra.ID {
	out := algebra.NoneID
	for i, p := range s.policies {
		if p.outside != algebra.NoneID && inForce(s.doubt(int32(i)), ev.force) {
			out = ev.in.Union(out, p.outside)
		}
	}
	return out
}

// group walks entries i..end and returns what no entry decided for certain.
// Where ties are undefined, each policy of the group is walked alone and all
// that one of them may decide is possible.
func (ev *evaluator) group(s *step, base, i, end int, live algebra.ID, deferred bool) algebra.ID {
	decided := algebra.NoneID
	mine := live
	for k := i; k < end; k++ {
		e := &s.entries[k]
		if s.alone && k > i && e.policy != s.entries[k-1].policy {
			decided = ev.in.Union(decided, ev.in.Subtract(live, mine))
			mine = live
		}
		may, certain := e.holds(ev.force)
		if !ev.active[base+k] || !may {
			continue
		}
		hit := ev.in.Intersect(mine, e.conns)
		if hit == algebra.NoneID {
			continue
		}
		ev.decide(s, e.action, hit, deferred)
		if certain {
			mine = ev.in.Subtract(mine, hit)
		}
	}
	decided = ev.in.Union(decided, ev.in.Subtract(live, mine))
	return ev.in.Subtract(live, decided)
}

func (ev *evaluator) decide(s *step, a model.Action, hit algebra.ID, deferred bool) {
	switch a {
	case model.Allow:
		ev.allow = ev.in.Union(ev.allow, hit)
	case model.Deny:
		ev.deny = ev.in.Union(ev.deny, hit)
	default:
		ev.from(s.passTo, hit, deferred)
	}
}

// end applies what the tier's policies do to unmatched connections.
func (ev *evaluator) end(s *step, live algebra.ID, deferred bool) (algebra.ID, bool) {
	if s.denies.certain(ev.force) {
		return ev.isolate(s, live, deferred)
	}
	if s.denies.may {
		if s.defers {
			ev.from(s.tier+1, live, true)
		} else {
			ev.defaultDeny(live)
		}
	}
	if s.accepts.certain(ev.force) || s.accepts.may {
		ev.allow = ev.in.Union(ev.allow, live)
	}
	if s.accepts.certain(ev.force) {
		return algebra.NoneID, deferred
	}
	return live, deferred
}

func (ev *evaluator) isolate(s *step, live algebra.ID, deferred bool) (algebra.ID, bool) {
	if s.defers {
		return live, true
	}
	ev.defaultDeny(live)
	return algebra.NoneID, deferred
}

func (ev *evaluator) defaultDeny(live algebra.ID) {
	if ev.local {
		ev.allow = ev.in.Union(ev.allow, live)
		return
	}
	ev.deny = ev.in.Union(ev.deny, live)
}
