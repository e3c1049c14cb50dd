package random_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/oracle"
	"github.com/netfate/netfate/sim/oracle/random"
)

func generate(seed uint64) (*model.Model, []oracle.Question) {
	r := rand.New(rand.NewPCG(seed, 0))
	m := random.Model(r, random.Small())
	return m, random.Questions(r, m, 50)
}

func TestReproducible(t *testing.T) {
	for seed := range uint64(50) {
		a, qa := generate(seed)
		b, qb := generate(seed)
		if random.Dump(a) != random.Dump(b) || !slices.Equal(qa, qb) {
			t.Fatalf("seed %d gives two models", seed)
		}
	}
}

func TestEveryOutcomeIsFrequent(t *testing.T) {
	var count [3]int
	for seed := range uint64(200) {
		m, qs := generate(seed)
		for _, q := range qs {
			count[oracle.Decide(m, q)]++
		}
	}
	for o, n := range count {
		if n < 200*50/20 {
			t.Errorf("%s only %d times of %v", model.Outcome(o), n, count)
		}
	}
}

func TestQuestionsMakeSense(t *testing.T) {
	for seed := range uint64(200) {
		m, qs := generate(seed)
		for _, q := range qs {
			if q.Protocol.HasPorts() && q.Port == 0 {
				t.Errorf("port 0: %s", random.DumpQuestion(m, q))
			}
			for _, p := range []model.Party{q.From, q.To} {
				if p.Kind == model.PartyAddress && p.Addr.Is4() != (q.Family == algebra.IPv4) {
					t.Errorf("an address of another family: %s", random.DumpQuestion(m, q))
				}
			}
			if q.From.Kind == model.PartyHost {
				t.Errorf("from a host: %s", random.DumpQuestion(m, q))
			}
		}
	}
}

func TestNothingToAskAbout(t *testing.T) {
	m := &model.Model{}
	for _, q := range random.Questions(rand.New(rand.NewPCG(1, 0)), m, 50) {
		if oracle.Decide(m, q) != model.Allowed {
			t.Errorf("%s is not allowed", random.DumpQuestion(m, q))
		}
	}
}

// TestTiersAreValid: Pass leads forward, and tiers of union ties only allow.
func TestTiersAreValid(t *testing.T) {
	for seed := range uint64(300) {
		m, _ := generate(seed)
		for i, tier := range m.Tiers {
			if tier.PassTo <= i || tier.PassTo > len(m.Tiers) {
				t.Fatalf("seed %d: tier %d passes to %d", seed, i, tier.PassTo)
			}
			for _, p := range tier.Policies {
				if tier.Tie == model.TieUnion && slices.ContainsFunc(p.Rules, func(r model.Rule) bool { return r.Action != model.Allow }) {
					t.Fatalf("seed %d: tier %d does not only allow", seed, i)
				}
			}
		}
	}
}
