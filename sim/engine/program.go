package engine

import (
	"cmp"
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// program is what a row evaluates: the tiers that hold a policy for the
// subject, each with its rules in the order they act.
type program struct {
	tiers   []step
	entries int           // over all tiers
	rules   int           // the same
	doubts  []model.Doubt // about policies; none if they are too many to settle
	// union tells that all there is are rules that allow under a default deny,
	// so that the order of rules is nothing; silent is then what the APIs leave open.
	union  bool
	silent algebra.ID
}

// always is the doubt number of a policy that is in force, unsettled that of
// one in a doubt that is not settled with the others.
const (
	always    = -1
	unsettled = -2
)

// step is one tier of a program.
type step struct {
	tier     int
	passTo   int
	defers   bool // the default deny waits for the end
	outside  bool // a policy's API is silent on some connections
	alone    bool // of equal priority, each policy is walked alone (TieUndefined)
	policies []*policy
	order    []ruleRef // the rules in the order they act; nil: that of the policies
	entries  []entry

	denies, accepts ends   // whether a policy isolates the subject, or ends evaluation with allow
	doubts          []int8 // doubt number by policy; nil: all are in force
}

// ends says for which assignments of doubts an end of a tier is in force.
type ends struct {
	sure bool
	may  bool   // in an unsettled doubt
	bits uint32 // in the doubts of these numbers
}

func (e *ends) add(doubt int8) {
	switch doubt {
	case always:
		e.sure = true
	case unsettled:
		e.may = true
	default:
		e.bits |= 1 << doubt
	}
}

// certain tells whether the end is in force under an assignment.
func (e *ends) certain(force uint32) bool { return e.sure || e.bits&force != 0 }

// ruleRef is one rule of a step's policies.
type ruleRef struct{ policy, rule int32 }

// next returns the rule after the n-th, which ref is, and false past the last.
func (s *step) next(n int, ref ruleRef) (ruleRef, bool) {
	if s.order != nil {
		if n+1 == len(s.order) {
			return ref, false
		}
		return s.order[n+1], true
	}
	ref.rule++
	for int(ref.policy) < len(s.policies) {
		if int(ref.rule) < len(s.policies[ref.policy].rules) {
			return ref, true
		}
		ref = ruleRef{ref.policy + 1, 0}
	}
	return ref, false
}

// first returns the first rule.
func (s *step) first() (ruleRef, bool) { return s.next(-1, ruleRef{0, -1}) }

// place is a rule and how many act before it.
type place struct {
	n   int
	ref ruleRef
}

func (s *step) start() (place, bool) {
	ref, ok := s.first()
	return place{0, ref}, ok
}

func (s *step) after(at place) (place, bool) {
	ref, ok := s.next(at.n, at.ref)
	return place{at.n + 1, ref}, ok
}

// action returns what a rule does.
func (s *step) action(ref ruleRef) model.Action {
	return s.policies[ref.policy].src.Rules[ref.rule].Action
}

func (s *step) priority(ref ruleRef) float64 { return s.policies[ref.policy].src.Priority }

// doubt returns the number of the doubt that a policy is in.
func (s *step) doubt(policy int32) int8 {
	if s.doubts == nil {
		return always
	}
	return s.doubts[policy]
}

// entry is one variant of one rule in evaluation order.
type entry struct {
	*variant
	ruleRef
	conns       algebra.ID
	policyDoubt int8 // numbers of the doubts about its policy and its peer
	peerDoubt   int8
}

// holds tells whether the entry's policy and peer hold under an assignment, and
// whether that is certain.
func (e *entry) holds(force uint32) (may, certain bool) {
	return inForce(e.policyDoubt, force) && inForce(e.peerDoubt, force),
		e.certain && e.policyDoubt != unsettled && e.peerDoubt != unsettled
}

// inForce tells whether what is in a doubt holds under an assignment; what is
// unsettled may.
func inForce(doubt int8, force uint32) bool { return doubt < 0 || force&(1<<doubt) != 0 }

// number returns the number of the doubt that a reason is about.
func (p *program) number(r *model.Reason) int8 {
	if r == nil {
		return always
	}
	if len(p.doubts) > 0 {
		if i := slices.Index(p.doubts, r.Doubt()); i >= 0 {
			return int8(i)
		}
	}
	return unsettled
}

// doubtsOf lists the doubts about policies, none if they are too many.
func doubtsOf(policies []*policy) []model.Doubt {
	var out []model.Doubt
	for _, p := range policies {
		if p.src.Uncertain == nil {
			continue
		}
		if d := p.src.Uncertain.Doubt(); !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	if len(out) > model.MaxDoubts {
		return nil
	}
	return out
}

// compareDenyFirst is the order of rules where Deny goes before Allow and that before Pass.
func (s *step) compareDenyFirst(x, y ruleRef) int {
	return cmp.Or(cmp.Compare(s.priority(x), s.priority(y)), cmp.Compare(x.rule, y.rule),
		cmp.Compare(denyFirst(s.action(x)), denyFirst(s.action(y))))
}

func denyFirst(a model.Action) int {
	switch a {
	case model.Deny:
		return 0
	case model.Allow:
		return 1
	}
	return 2
}
