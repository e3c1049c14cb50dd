package engine_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/oracle"
	"github.com/netfate/netfate/sim/oracle/random"
)

// campaignEnv multiplies the number of random models of every comparison, for
// long campaigns: NETFATE_CAMPAIGN=100 go test ./sim/engine.
const campaignEnv = "NETFATE_CAMPAIGN"

// A check compares what the engine says of a model with something slower. It
// draws all it needs from r, so that a seed and a model reproduce it.
type check func(r *rand.Rand, m *model.Model) error

// campaign runs a check on n random models. A failing model is made smaller and shown.
func campaign(t *testing.T, n int, c check) {
	t.Helper()
	t.Parallel()
	if f, err := strconv.Atoi(os.Getenv(campaignEnv)); err == nil {
		n *= f
	}
	for seed := range uint64(n) {
		size := random.Small()
		if seed%8 == 7 {
			size = random.Size{Namespaces: 5, Nodes: 4, Pods: 16, Policies: 30, Rules: 5, Peers: 3}
		}
		m := random.Model(rand.New(rand.NewPCG(seed, 0)), size)
		if err := try(c, seed, m); err != nil {
			small := random.Shrink(m, func(m *model.Model) bool { return try(c, seed, m) != nil })
			t.Fatalf("seed %d: %v\nshrunk: %v\n%s", seed, err, try(c, seed, small), random.Dump(small))
		}
	}
}

// try runs a check; a panic is a failure like another.
func try(c check, seed uint64, m *model.Model) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return c(rand.New(rand.NewPCG(seed, 1)), m)
}

// asked is the oracle's question as the engine's.
func asked(q oracle.Question) engine.Question {
	return engine.Question{From: q.From, To: q.To, Family: q.Family, Protocol: q.Protocol, Port: q.Port}
}

func endpoint(i int) model.Party { return model.Party{Kind: model.PartyEndpoint, Index: i} }

// some returns up to n of the numbers below limit.
func some(r *rand.Rand, limit, n int) []int {
	return r.Perm(limit)[:min(limit, n)]
}
