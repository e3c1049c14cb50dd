package engine_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/oracle"
	"github.com/netfate/netfate/sim/oracle/random"
)

// TestDecide: one connection is decided as by the oracle, by Decide and by Trace.
func TestDecide(t *testing.T) {
	campaign(t, 4000, func(r *rand.Rand, m *model.Model) error {
		e := engine.Compile(m)
		for _, q := range random.Questions(r, m, 40) {
			want := oracle.Decide(m, q)
			if got := e.Decide(asked(q)); got != want {
				return fmt.Errorf("%s: Decide %s, oracle %s", random.DumpQuestion(m, q), got, want)
			}
			if got := e.Trace(asked(q)).Outcome; got != want {
				return fmt.Errorf("%s: Trace %s, oracle %s", random.DumpQuestion(m, q), got, want)
			}
		}
		return nil
	})
}

// TestEvidence: what is undetermined has a reason, what is denied has blockers,
// and without them it is not denied.
func TestEvidence(t *testing.T) {
	campaign(t, 3000, func(r *rand.Rand, m *model.Model) error {
		e := engine.Compile(m)
		for _, q := range random.Questions(r, m, 30) {
			if err := evidence(e, m, q); err != nil {
				return fmt.Errorf("%s: %w", random.DumpQuestion(m, q), err)
			}
		}
		return nil
	})
}

func evidence(e *engine.Engine, m *model.Model, q oracle.Question) error {
	hop := e.Trace(asked(q))
	for _, p := range hop.Points {
		if p.Outcome == model.Undetermined && len(p.Reasons) == 0 {
			return fmt.Errorf("%s is undetermined without a reason", p.Point)
		}
		if p.Deciding >= len(p.Steps) || p.Deciding >= 0 && !p.Steps[p.Deciding].Decides {
			return fmt.Errorf("%s: step %d does not decide", p.Point, p.Deciding)
		}
	}
	blockers := e.Blockers(asked(q))
	if hop.Outcome != model.Denied {
		return nil
	}
	if len(blockers) == 0 {
		return fmt.Errorf("denied without a blocker")
	}
	return unblock(m, q, blockers)
}

// unblock takes the blockers out of the model, asks the oracle, and puts them back.
func unblock(m *model.Model, q oracle.Question, blockers []model.Step) error {
	var undo []func()
	for _, s := range blockers {
		switch {
		case s.Rule != nil:
			old := *s.Rule
			undo = append(undo, func() { *s.Rule = old })
			s.Rule.AnyPeer, s.Rule.Peers = false, nil // it keeps its place
		case s.Kind == model.StepImplicit:
			return nil // no policy does it
		default:
			for _, o := range append([]model.Origin{s.Origin}, s.Others...) {
				p := policyOf(m, o)
				old := p.Unmatched
				undo = append(undo, func() { p.Unmatched = old })
				p.Unmatched = model.UnmatchedNext
			}
		}
	}
	after := oracle.Decide(m, q)
	for _, f := range undo {
		f()
	}
	if after == model.Denied {
		return fmt.Errorf("still denied without its %d blockers", len(blockers))
	}
	return nil
}

func policyOf(m *model.Model, o model.Origin) *model.Policy {
	for t := range m.Tiers {
		for _, p := range m.Tiers[t].Policies {
			if p.Origin == o {
				return p
			}
		}
	}
	return nil
}

// FuzzDecide compares with the oracle on models that the fuzzer chooses.
func FuzzDecide(f *testing.F) {
	f.Add(uint64(1), uint8(8), uint8(14))
	f.Add(uint64(2), uint8(40), uint8(60))
	f.Add(uint64(488), uint8('^'), uint8('h')) // undetermined only by policies being in force or not
	f.Fuzz(func(t *testing.T, seed uint64, pods, policies uint8) {
		size := random.Size{Namespaces: 4, Nodes: 3, Pods: int(pods) + 1, Policies: int(policies), Rules: 4, Peers: 3}
		m := random.Model(rand.New(rand.NewPCG(seed, 0)), size)
		e := engine.Compile(m)
		for _, q := range random.Questions(rand.New(rand.NewPCG(seed, 1)), m, 30) {
			if got, want := e.Decide(asked(q)), oracle.Decide(m, q); got != want {
				t.Fatalf("%s: %s, oracle %s\n%s", random.DumpQuestion(m, q), got, want, random.Dump(m))
			}
			if err := evidence(e, m, q); err != nil {
				t.Fatalf("%s: %v\n%s", random.DumpQuestion(m, q), err, random.Dump(m))
			}
		}
	})
}
