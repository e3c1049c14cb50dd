package engine

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Why a rule matched or did not, and why a default holds, in words.
const (
	whyMatch        = "matches"
	whyMaybe        = "may match"
	whySource       = "does not select the source"
	whyDestination  = "does not select the destination"
	whyTraffic      = "selects the peer, but not this protocol and port"
	whyNeither      = "selects neither the peer nor this protocol and port"
	whyIsolated     = "isolated: no rule of a policy that selects the pod allows it"
	whyMayIsolate   = "may be isolated, and no rule allows it"
	whyNotSelected  = "no policy decides: allowed by default"
	whyLocalDefault = "from the pod's own node: the default deny does not hold"
	whySilent       = "the API does not say what happens to this protocol"
	whyUnknown      = "whether the rule matches is not known"
	whyTie          = "policies of equal priority decide differently, and the API does not say which of them holds"
	whyOtherEnds    = "a policy of the other direction ends evaluation here"
)

// recorder collects the steps of a walk.
type recorder struct {
	steps   []model.Step
	reasons []model.Reason
	// skipped rules and tiers' defaults are passed over, to find what else
	// would block.
	rules    map[*model.Rule]bool
	defaults map[int]bool
	quiet    bool // find blockers only
	muted    bool // record nothing, only pass over
}

// add returns a new step, of a rule, to be filled in. Steps are large: they are
// not made elsewhere and copied.
func (r *recorder) add() *model.Step {
	r.steps = append(r.steps, model.Step{Kind: model.StepRule})
	return &r.steps[len(r.steps)-1]
}

// mute returns a recorder that passes over what r does and records nothing.
func (r *recorder) mute() *recorder {
	if r == nil {
		return nil
	}
	return &recorder{rules: r.rules, defaults: r.defaults, muted: true}
}

// off tells whether nothing is to be recorded.
func (w *walker) off() bool { return w.rec == nil || w.rec.muted }

func (w *walker) recordRule(s *step, ref ruleRef, m matching) {
	if w.off() || w.rec.quiet && (m.hit == algebra.No || s.action(ref) != model.Deny) {
		return
	}
	p := s.policies[ref.policy]
	rule := &p.src.Rules[ref.rule]
	st := w.rec.add()
	st.Tier, st.Action, st.Rule, st.Origin = w.e.m.Tiers[s.tier].Name, rule.Action, rule, rule.Origin
	st.Match, st.Peer = m.hit, m.peer
	st.Traffic = algebra.TriOf(m.hit != algebra.No || w.trafficAlone(p, int(ref.rule)))
	st.Decides = m.hit == algebra.Yes && rule.Action != model.Pass
	st.Why = w.why(st)
	if dev := rule.Deviation; dev != nil && m.hit != algebra.No {
		st.Why += ": " + dev.Text
		if dev.Beside != (model.Origin{}) {
			st.Others = []model.Origin{dev.Beside}
		}
	}
	if m.hit == algebra.Maybe {
		st.Reason = w.reason(p, int(ref.rule))
		w.addReason(st.Reason)
	}
}

func (w *walker) why(s *model.Step) string {
	switch {
	case s.Match == algebra.Yes:
		return whyMatch
	case s.Match == algebra.Maybe:
		return whyMaybe
	case s.Peer != algebra.No:
		return whyTraffic
	case s.Traffic == algebra.No:
		return whyNeither
	case w.d == model.Ingress:
		return whySource
	}
	return whyDestination
}

// trafficAlone tells whether a rule's ports and protocols match, whatever its peers.
func (w *walker) trafficAlone(p *policy, rule int) bool {
	return carries(&p.src.Rules[rule].Traffic, w.receiverPorts(), w.key)
}

func (w *walker) receiverPorts() []model.NamedPort {
	if w.d == model.Ingress {
		return portsOf(&w.e.m.Endpoints[w.subject])
	}
	if w.peer.Kind == model.PartyEndpoint {
		return portsOf(&w.e.m.Endpoints[w.peer.Index])
	}
	return nil
}

// recordDefault records the default deny of a tier.
func (w *walker) recordDefault(s *step, certain algebra.Tri) {
	if w.off() {
		return
	}
	st := model.Step{Kind: model.StepDefault, Tier: w.e.m.Tiers[s.tier].Name, Action: model.Deny, Match: certain,
		Why: whyIsolated, Decides: certain == algebra.Yes}
	if certain != algebra.Yes {
		st.Why = whyMayIsolate
	}
	n := w.standsOn(&st, s, s.denies.sure)
	if w.rec.quiet && s.denies.sure {
		// With those that are certain gone, the others may be enough to deny.
		n += w.standsOn(&st, s, false)
	}
	if n > 0 {
		w.rec.steps = append(w.rec.steps, st)
	}
}

// standsOn adds the policies that isolate to a default deny, those that certainly
// do or those that may, and returns how many they are.
func (w *walker) standsOn(st *model.Step, s *step, certain bool) int {
	n := 0
	for _, p := range s.policies {
		if p.src.Unmatched != model.UnmatchedDeny || (p.src.Uncertain == nil) != certain {
			continue
		}
		if n++; st.Origin != (model.Origin{}) || n > 1 {
			if st.Others == nil {
				st.Others = make([]model.Origin, 0, len(s.policies)-1)
			}
			st.Others = append(st.Others, p.src.Origin)
			w.addReason(p.src.Uncertain)
			continue
		}
		st.Origin, st.Reason = p.src.Origin, p.src.Uncertain
		w.addReason(p.src.Uncertain)
	}
	return n
}

// recordDeferred records the default denies that waited for the end.
func (w *walker) recordDeferred(prog *program, deferred deferral) {
	if w.off() {
		return
	}
	for i := range prog.tiers {
		if s := &prog.tiers[i]; s.defers && deferred.has(i) {
			w.recordDefault(s, w.ending(&s.denies))
		}
	}
}

// recordTie records that policies of equal priority decide differently.
func (w *walker) recordTie(s *step) {
	if w.off() {
		return
	}
	r := w.e.m.Tiers[s.tier].TieReason
	if r == nil {
		r = &model.Reason{Kind: model.UndefinedByAPI, Text: whyTie}
	}
	w.addReason(r)
}

func (w *walker) recordEnd(deferred bool) {
	if w.off() {
		return
	}
	why := whyNotSelected
	if deferred {
		why = whyLocalDefault
	}
	w.rec.steps = append(w.rec.steps, model.Step{Kind: model.StepDefault, Action: model.Allow, Match: algebra.Yes, Why: why, Decides: true})
}

func (w *walker) recordAccept(s *step, certain algebra.Tri) {
	if w.off() {
		return
	}
	st := model.Step{Kind: model.StepDefault, Tier: w.e.m.Tiers[s.tier].Name, Action: model.Allow, Match: certain,
		Why: whyOtherEnds, Decides: certain == algebra.Yes}
	for _, p := range s.policies {
		if p.src.Unmatched == model.UnmatchedAllow && (p.src.Uncertain == nil) == (certain == algebra.Yes) {
			st.Origin, st.Reason = p.src.Origin, p.src.Uncertain
			w.addReason(st.Reason)
			break
		}
	}
	w.rec.steps = append(w.rec.steps, st)
}

func (w *walker) recordSilent(s *step, p *policy) {
	if w.off() {
		return
	}
	w.rec.steps = append(w.rec.steps, model.Step{Kind: model.StepDefault, Tier: w.e.m.Tiers[s.tier].Name, Match: algebra.Maybe,
		Why: whySilent, Reason: p.src.DomainReason, Origin: p.src.Origin, Decides: true})
	w.addReason(p.src.DomainReason)
}

// recordLocal records what the platform grants to the pod's own node.
func (w *walker) recordLocal(at algebra.Tri) {
	if w.off() {
		return
	}
	choice := &model.Choice[model.LocalNode]{}
	if w.e.m.Profile != nil {
		choice = &w.e.m.Profile.LocalNode
	}
	st := model.Step{Kind: model.StepImplicit, Action: model.Allow, Match: at, Why: choice.Text, Decides: at == algebra.Yes}
	if choice.Value == model.LocalNodeRoot && at == algebra.Yes {
		st.Match, st.Decides = algebra.Maybe, false
		st.Reason = &model.Reason{Kind: model.MissingFact, Row: choice.Row, Confidence: choice.Confidence, Text: choice.Text}
	} else if at == algebra.Maybe {
		st.Reason = &model.Reason{Kind: model.MissingFact, Row: "N6", Confidence: model.Documented,
			Text: "whether the two are on one node is not known, and a pod cannot refuse its own node"}
	}
	w.addReason(st.Reason)
	w.rec.steps = append(w.rec.steps, st)
}

func (w *walker) addReason(r *model.Reason) {
	if r == nil || w.off() {
		return
	}
	for i := range w.rec.reasons {
		if w.rec.reasons[i].Text == r.Text && w.rec.reasons[i].Origin == r.Origin {
			return
		}
	}
	w.rec.reasons = append(w.rec.reasons, *r)
}
