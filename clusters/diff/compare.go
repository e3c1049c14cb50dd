package diff

import (
	"fmt"
	"slices"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

// Row is one flow with what was predicted and what was seen.
type Row struct {
	Record    observation.Record
	Flow      model.Flow    // the question; zero where Class is Unasked
	Verdict   model.Verdict // the prediction with its trace
	Predicted model.Outcome
	Seen      Seen
	Class     Class
	Rule      string // what decides the prediction: an object with its field and place, or the reason of an undetermined one
	Why       string // for Unasked: what the snapshot does not know
}

// Result is a comparison.
type Result struct {
	Header  observation.Header
	Network string // the profile that predicted
	Rows    []Row  // in the order of the records
	Table   Table
}

// Compare predicts each observed flow and puts it beside what was seen. Records
// of control probes are left out: no policy held then. The simulator should be of
// the snapshot that was observed, with the addresses it had then (Adapt).
func Compare(s *sim.Simulator, h observation.Header, records []observation.Record) *Result {
	r := &Result{Header: h, Network: s.Profile().Name}
	for _, rec := range records {
		if rec.Phase == "control" {
			continue
		}
		row := One(s, rec)
		if row.Class != Unasked {
			r.Table.Add(row.Predicted, row.Seen)
		}
		r.Rows = append(r.Rows, row)
	}
	return r
}

// One predicts one observed flow and puts it beside what was seen.
func One(s *sim.Simulator, rec observation.Record) Row {
	row := Row{Record: rec, Seen: SeenOf(rec.Outcome())}
	f, err := Flow(s, rec.Flow)
	if err != nil {
		row.Class, row.Predicted, row.Why = Unasked, model.Undetermined, err.Error()
		return row
	}
	row.Flow, row.Verdict = f, s.Verdict(f)
	row.Predicted = row.Verdict.Outcome
	row.Class, row.Rule = classOf(row.Predicted, row.Seen), decidedBy(&row.Verdict)
	if row.Class == Resolved && onlyBackends(&row.Verdict) {
		row.Class = Different
	}
	return row
}

// onlyBackends tells whether an undetermined verdict is open for nothing but the
// choice among backends, which no observation settles.
func onlyBackends(v *model.Verdict) bool {
	return len(v.Reasons) > 0 && !slices.ContainsFunc(v.Reasons, func(r model.Reason) bool { return r.Kind != model.LoadBalancing })
}

// decidedBy names what a verdict follows from.
func decidedBy(v *model.Verdict) string {
	switch v.Outcome {
	case model.Denied:
		for i := range v.Blockers {
			return step(&v.Blockers[i])
		}
	case model.Allowed:
		return allowedBy(v)
	default:
		for i := range v.Reasons {
			return v.Reasons[i].String()
		}
	}
	return ""
}

// allowedBy names the first rule that lets a flow pass, or that no policy selects its ends.
func allowedBy(v *model.Verdict) string {
	text := ""
	for _, h := range v.Hops {
		for _, p := range h.Points {
			if p.Deciding < 0 {
				continue
			}
			s := &p.Steps[p.Deciding]
			if s.Origin.Object != nil {
				return step(s)
			}
			if text == "" {
				text = step(s)
			}
		}
	}
	return text
}

func step(s *model.Step) string {
	if o := s.Origin.String(); o != "" {
		return o
	}
	if s.Point != "" && s.Why != "" {
		return s.Point + ": " + s.Why
	}
	return s.Why
}

// Of returns the rows of a class.
func (r *Result) Of(c Class) []Row {
	var out []Row
	for _, row := range r.Rows {
		if row.Class == c {
			out = append(out, row)
		}
	}
	return out
}

// CheckDigest tells whether the observations are of a snapshot: the error says
// which digests differ and what to do. Observations without a digest pass.
func CheckDigest(h observation.Header, digest string) error {
	if h.Snapshot == "" || h.Snapshot == digest {
		return nil
	}
	return fmt.Errorf("the observations are of another snapshot: they carry %s, what was read has %s; give the manifests or the snapshot that were observed, or --force to compare all the same", h.Snapshot, digest)
}
