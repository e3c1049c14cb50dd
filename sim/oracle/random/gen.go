package random

import (
	"math/rand/v2"

	"github.com/netfate/netfate/sim/model"
)

// Size bounds what [Model] generates: each number is the most that there may be.
type Size struct {
	Namespaces int
	Nodes      int
	Pods       int
	Policies   int // over all tiers
	Rules      int // per policy
	Peers      int // per rule
}

// Small is a size at which most questions meet several policies.
func Small() Size {
	return Size{Namespaces: 3, Nodes: 3, Pods: 8, Policies: 14, Rules: 3, Peers: 2}
}

// Model returns a random model of at most that size. It may hold anything that a
// translator may produce, and combinations that none does today.
func Model(r *rand.Rand, size Size) *model.Model {
	g := &gen{r: r, size: size, m: &model.Model{V4: true, V6: true}}
	g.m.Profile = &model.Profile{Name: "random", LocalNode: model.Choice[model.LocalNode]{
		Value:     model.LocalNode(r.IntN(4)),
		Statement: model.Statement{Row: "N5", Confidence: model.Unverified, Text: "random"},
	}}
	g.namespaces()
	g.nodes()
	g.pods()
	g.podAddrs()
	g.tiers()
	return g.m
}

// gen is a generation under way.
type gen struct {
	r        *rand.Rand
	size     Size
	m        *model.Model
	policies int // generated so far, for their names
}

// chance is true that often out of a hundred times.
func (g *gen) chance(percent int) bool { return g.r.IntN(100) < percent }

// upTo returns a number from 0 to n, both included.
func (g *gen) upTo(n int) int { return g.r.IntN(max(n, 0) + 1) }

// doubt returns a reason that often, and otherwise nil.
func (g *gen) doubt(percent int, what string) *model.Reason {
	if !g.chance(percent) {
		return nil
	}
	return because(what)
}

// because returns a reason for what is uncertain.
func because(what string) *model.Reason {
	return &model.Reason{Kind: model.MissingFact, Text: what, Confidence: model.Unverified}
}

// pick returns one of several values.
func pick[T any](g *gen, values ...T) T { return values[g.r.IntN(len(values))] }
