package engine_test

import (
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/oracle/random"
)

// TestDecideDoesNotAllocate: not between endpoints, hosts among them, nor with
// addresses outside.
func TestDecideDoesNotAllocate(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 0))
		m := random.Model(r, random.Small())
		e := engine.Compile(m)
		for _, q := range random.Questions(r, m, 60) {
			if q.To.Kind == model.PartyHost {
				continue // compares names without regard to case
			}
			if n := testing.AllocsPerRun(3, func() { e.Decide(asked(q)) }); n > 0 {
				t.Fatalf("seed %d: %s allocates %v times", seed, random.DumpQuestion(m, q), n)
			}
		}
	}
}

// TestInlining: the functions that every verdict calls are inlined. One that is
// no longer costs every verdict a call: make it smaller, or take it off the list
// with the reason.
func TestInlining(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the package")
	}
	out, err := exec.Command("go", "build", "-mod=mod", "-gcflags=-m", ".").CombinedOutput()
	if err != nil {
		t.Skipf("no compiler: %v", err)
	}
	for _, f := range []string{"(*row).at", "find", "rowTable.at", "(*Engine).hasFamily", "(*Engine).isSelf", "combine", "inForce",
		"(*valuer).toggle", "appendClass", "outcomes.outcome", "outcomes.or", "(*Engine).mayBeLocal"} {
		if !strings.Contains(string(out), "can inline "+f+"\n") {
			t.Errorf("%s is not inlined", f)
		}
	}
}
