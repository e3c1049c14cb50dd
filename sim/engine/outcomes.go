package engine

import "github.com/netfate/netfate/sim/model"

// outcomes are the possible outcomes at one enforcement point.
type outcomes struct{ allow, deny bool }

func (o outcomes) or(p outcomes) outcomes { return outcomes{o.allow || p.allow, o.deny || p.deny} }

func (o outcomes) outcome() model.Outcome {
	switch {
	case !o.deny:
		return model.Allowed
	case !o.allow:
		return model.Denied
	}
	return model.Undetermined
}

// combine is the outcome of two enforcement points that must both allow.
func combine(a, b model.Outcome) model.Outcome { return min(a, b) }

// deferral is the steps of a program, by number, whose default deny waits for
// the end. Steps past the 63rd count as that one.
type deferral uint64

func (d deferral) with(step int) deferral { return d | 1<<min(step, 63) }

func (d deferral) has(step int) bool { return d&(1<<min(step, 63)) != 0 }
