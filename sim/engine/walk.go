package engine

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// walker decides one concrete connection at one enforcement point by going
// through the rules, and records what it sees if asked to.
type walker struct {
	e       *Engine
	d       model.Direction
	subject int
	peer    model.Party
	key     uint32
	local   bool   // default denies do not hold
	force   uint32 // the doubts whose policies are taken to be in force
	settle  bool   // whether doubts are settled by force, or taken one by one
	out     outcomes
	rec     *recorder // nil: do not record
}

func (w *walker) row() *row { return w.e.rows[w.d].at(w.e.c.of[w.subject]) }

// point evaluates the enforcement point, under every assignment of the doubts
// about its policies. What is recorded is one walk that takes doubts as they come.
func (w *walker) point(local bool) outcomes {
	w.local = local
	doubts := len(w.row().prog.doubts)
	if w.rec != nil || doubts == 0 {
		w.once(0, false)
	}
	if doubts == 0 {
		return w.out
	}
	silent := *w
	silent.rec = w.rec.mute()
	var all outcomes
	for force := range uint32(1) << doubts {
		silent.once(force, true)
		all = all.or(silent.out)
	}
	return all
}

func (w *walker) once(force uint32, settle bool) {
	w.force, w.settle, w.out = force, settle, outcomes{}
	w.from(0, 0)
}

// holds tells whether a policy is in force: Maybe if its doubt is not settled.
func (w *walker) holds(s *step, policy int32) algebra.Tri { return w.settled(s.doubt(policy)) }

// settled tells whether what is in a doubt holds.
func (w *walker) settled(d int8) algebra.Tri {
	switch {
	case d == always:
		return algebra.Yes
	case d == unsettled || !w.settle:
		return algebra.Maybe
	}
	return algebra.TriOf(inForce(d, w.force))
}

// ending tells whether an end of the tier is in force.
func (w *walker) ending(e *ends) algebra.Tri {
	switch {
	case e.sure || w.settle && e.certain(w.force):
		return algebra.Yes
	case e.may || !w.settle && e.bits != 0:
		return algebra.Maybe
	}
	return algebra.No
}

// from evaluates tiers t and later, as evaluator.from does for sets.
func (w *walker) from(t int, deferred deferral) {
	prog := &w.row().prog
	for i := range prog.tiers {
		s := &prog.tiers[i]
		if s.tier < t {
			continue
		}
		var done bool
		if done, deferred = w.tier(s, i, deferred); done {
			return
		}
	}
	if deferred != 0 && !w.local {
		w.out.deny = true
		w.recordDeferred(prog, deferred)
		return
	}
	w.out.allow = true
	w.recordEnd(deferred != 0)
}

// tier returns whether the tier, which is step n, decided the connection for certain.
func (w *walker) tier(s *step, n int, deferred deferral) (done bool, now deferral) {
	if p := w.silent(s); p != nil {
		w.out = outcomes{true, true}
		w.recordSilent(s, p)
		return true, deferred
	}
	at, ok := s.start()
	for ok {
		var decided bool
		if decided, at, ok = w.group(s, at, deferred); decided {
			return true, deferred
		}
	}
	return w.end(s, n, deferred)
}

// silent returns a policy whose API does not define the connection.
func (w *walker) silent(s *step) *policy {
	if !s.outside {
		return nil
	}
	covered := algebra.NoneID // does not hold the connection
	for i, p := range s.policies {
		if p.outside == covered {
			continue
		}
		if !w.e.in.Set(p.outside).Contains(w.key) {
			covered = p.outside
		} else if w.holds(s, int32(i)) != algebra.No {
			return p
		}
	}
	return nil
}

// group walks the rules from a place on up to where the next group begins, which
// it returns. Where ties are undefined a group is of one priority, each policy
// is walked alone, and all that one of them does is possible.
func (w *walker) group(s *step, at place, deferred deferral) (decided bool, next place, more bool) {
	if !s.alone {
		return w.rules(s, at, deferred)
	}
	all, seen, differ, priority := w.out, outcomes{}, false, s.priority(at.ref)
	for more = true; more && s.priority(at.ref) == priority; {
		w.out = outcomes{}
		var certain bool
		certain, at, more = w.rules(s, at, deferred)
		decided = decided || certain
		if w.out != (outcomes{}) {
			differ = differ || seen != outcomes{} && seen != w.out
			seen = w.out
		}
		all = all.or(w.out)
	}
	w.out = all
	if differ {
		w.recordTie(s)
	}
	return decided, at, more
}

// rules walks rules, of one policy only where policies are walked alone, up to
// the first that certainly matches. It returns where the next ones begin.
func (w *walker) rules(s *step, at place, deferred deferral) (decided bool, next place, more bool) {
	policy := at.ref.policy
	for more = true; more && (!s.alone || at.ref.policy == policy); at, more = s.after(at) {
		if decided || w.rec != nil && len(w.rec.rules) > 0 && w.rec.rules[&s.policies[at.ref.policy].src.Rules[at.ref.rule]] {
			continue
		}
		m := w.match(s.policies[at.ref.policy], int(at.ref.rule)).and(w.holds(s, at.ref.policy))
		w.recordRule(s, at.ref, m)
		if m.hit == algebra.No {
			continue
		}
		w.decide(s, s.action(at.ref), deferred)
		if decided = m.hit == algebra.Yes; decided && !s.alone {
			break
		}
	}
	return decided, at, more
}

func (w *walker) decide(s *step, a model.Action, deferred deferral) {
	switch a {
	case model.Allow:
		w.out.allow = true
	case model.Deny:
		w.out.deny = true
	default:
		w.from(s.passTo, deferred)
	}
}

func (w *walker) end(s *step, n int, deferred deferral) (done bool, now deferral) {
	denies, accepts := w.ending(&s.denies), w.ending(&s.accepts)
	if w.rec != nil && w.rec.defaults[s.tier] {
		denies = algebra.No
	}
	switch {
	case denies == algebra.Yes && s.defers:
		return false, deferred.with(n)
	case denies == algebra.Yes:
		w.defaultDeny(s, denies)
		return true, deferred
	case denies == algebra.Maybe && s.defers:
		w.from(s.tier+1, deferred.with(n))
	case denies == algebra.Maybe:
		w.defaultDeny(s, denies)
	}
	if accepts != algebra.No {
		w.out.allow = true
		w.recordAccept(s, accepts)
	}
	return accepts == algebra.Yes, deferred
}

func (w *walker) defaultDeny(s *step, certain algebra.Tri) {
	if w.local {
		w.out.allow = true
		return
	}
	w.out.deny = true
	w.recordDefault(s, certain)
}

// decideAt evaluates the point, with the local node's privileges where they apply.
func (w *walker) decideAt() outcomes {
	if w.d == model.Ingress && w.peer.Kind == model.PartyEndpoint {
		if w.e.mayBeLocal(w.e.c.of[w.peer.Index], w.e.c.of[w.subject]) {
			return w.localPoint()
		}
	}
	return w.point(false)
}
