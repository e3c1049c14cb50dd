package reports

import (
	"github.com/netfate/netfate/sim/model"
)

// reasons writes why a verdict is undetermined.
func (x *explainText) reasons(v *model.Verdict) {
	if len(v.Reasons) == 0 {
		return
	}
	x.line(0, "")
	x.line(1, x.p.Bold("undetermined because"))
	for i := range v.Reasons {
		r := &v.Reasons[i]
		x.line(2, "- "+r.Text+x.p.Dim(" ("+reasonMarks(r)+")"))
		if r.Origin.Object != nil {
			x.line(3, objectAndField(r.Origin)+inPlace(r.Origin))
		}
		if r.Kind == model.UndefinedByAPI {
			x.line(3, x.p.Dim("choose an implementation with --network to settle it"))
		}
	}
}

// reasonMarks returns "undefined by the API, row N2, documented".
func reasonMarks(r *model.Reason) string {
	s := r.Kind.String()
	if r.Row != "" {
		s += ", row " + r.Row
	}
	if c := confidenceWords(r.Confidence); c != "" {
		s += ", " + c
	}
	return s
}

func confidenceWords(c model.Confidence) string {
	switch c {
	case model.Observed:
		return "observed"
	case model.Source:
		return "from source"
	case model.Documented:
		return "documented"
	case model.Inferred:
		return "inferred from source"
	case model.Unverified:
		return "not verified"
	}
	return ""
}

// blockers writes what else would deny the connection.
func (x *explainText) blockers(v *model.Verdict) {
	if len(v.Hops) == 0 {
		for i := range v.Blockers {
			x.line(0, "")
			x.step(1, "", &v.Blockers[i])
		}
		return
	}
	others := OtherBlockers(v)
	if len(others) == 0 {
		return
	}
	x.line(0, "")
	x.line(1, x.p.Bold("also denied by"))
	for i := range others {
		b := &others[i]
		x.line(2, "- "+b.Point+": "+stepWords(b)+inPlace(b.Origin))
	}
}

// near writes the rules that come nearest to allowing the connection.
func (x *explainText) near(v *model.Verdict) {
	list := Nearest(v)
	if len(list) == 0 {
		return
	}
	x.line(0, "")
	x.line(1, x.p.Bold("nearest rules that would allow it"))
	for _, n := range list {
		x.line(2, "- "+objectAndField(n.Step.Origin)+inPlace(n.Step.Origin))
		if n.Peer {
			x.line(3, "selects the peer, but allows "+n.Step.Rule.Traffic.String()+" only")
		} else {
			x.line(3, "allows the traffic, but for "+peerWords(n.Step.Rule)+" only")
		}
	}
}
