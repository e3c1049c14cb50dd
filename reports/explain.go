package reports

import (
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Explanation is the answer to a flow, with what was asked.
type Explanation struct {
	From, To  sim.Subject
	On        string // "TCP 80"
	Request   string // "GET http://host/path" where a request is asked about, "" otherwise
	Network   string // the profile's name
	Verdicts  []sim.Witnessed
	Reproduce string // the command that asks the same
}

// NearMiss is an Allow rule that lets all but one part of a connection through.
type NearMiss struct {
	Step *model.Step
	// Peer tells which part it matches: the peer, otherwise the traffic.
	Peer bool
}

// maxNear is how many near misses are worth telling at one enforcement point.
const maxNear = 2

// Nearest returns the rules that come nearest to allowing a connection: at each
// point that does not allow it, those that match the peer but not the traffic,
// then those that match the traffic but not the peer.
func Nearest(v *model.Verdict) []NearMiss {
	var out []NearMiss
	seen := matching(v)
	for h := range v.Hops {
		for p := range v.Hops[h].Points {
			pt := &v.Hops[h].Points[p]
			if v.Outcome == model.Allowed || pt.Outcome == model.Allowed {
				continue
			}
			for _, n := range nearAt(pt) {
				if !seen[n.Step.Origin] {
					seen[n.Step.Origin] = true
					out = append(out, n)
				}
			}
		}
	}
	return out
}

// matching returns the rules that match somewhere: one that matches in one address
// family is no near miss in the other.
func matching(v *model.Verdict) map[model.Origin]bool {
	out := map[model.Origin]bool{}
	for h := range v.Hops {
		for _, p := range v.Hops[h].Points {
			for i := range p.Steps {
				if p.Steps[i].Match != algebra.No {
					out[p.Steps[i].Origin] = true
				}
			}
		}
	}
	return out
}

// nearAt returns the near misses of one point.
func nearAt(pt *model.PointTrace) []NearMiss {
	var peers, traffic []NearMiss
	for i := range pt.Steps {
		s := &pt.Steps[i]
		if s.Kind != model.StepRule || s.Action != model.Allow || s.Match != algebra.No {
			continue
		}
		switch {
		case s.Peer != algebra.No:
			peers = append(peers, NearMiss{s, true})
		case s.Traffic != algebra.No:
			traffic = append(traffic, NearMiss{s, false})
		}
	}
	out := append(peers, traffic...)
	return out[:min(maxNear, len(out))]
}

// OtherBlockers returns the steps that would deny the connection too if those
// that decide were gone.
func OtherBlockers(v *model.Verdict) []model.Step {
	decided := map[model.Origin]bool{}
	for h := range v.Hops {
		for _, p := range v.Hops[h].Points {
			if p.Deciding >= 0 && p.Outcome == model.Denied {
				decided[p.Steps[p.Deciding].Origin] = true
			}
		}
	}
	var out []model.Step
	for _, b := range v.Blockers {
		if !decided[b.Origin] {
			out = append(out, b)
		}
	}
	return out
}
