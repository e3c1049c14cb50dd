package scenarios

import (
	"context"
	"regexp"
)

// Step is one step of the vocabulary.
type Step struct {
	Keyword     string   // Given or Then
	Pattern     string   // in words: SUBJECT, SUBJECTS, PORTS and NAME stand for what is said, [..] is optional
	Explanation string   // what it means
	Examples    []string // whole steps; a table's rows follow their step
}

// Catalogue returns every step in the order of the documentation.
func Catalogue() []Step {
	var out []Step
	for _, e := range entries() {
		out = append(out, e.Step)
	}
	return out
}

// entry is a step with what it does.
type entry struct {
	Step
	check bool // compares something with the prediction
	table bool
	wire  bool // can be judged by traffic
	re    *regexp.Regexp
	run   func(context.Context, *scenario, call) error
}

// call is a step as a feature says it: the parts that stand for placeholders, and its table.
type call struct {
	args  []string
	table [][]string
}

// compiled returns the entries with their expressions.
func compiled() ([]entry, error) {
	list := entries()
	for i := range list {
		var err error
		if list[i].re, err = expression(list[i].Pattern); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func entries() []entry {
	var out []entry
	out = append(out, givens()...)
	out = append(out, reachSteps()...)
	out = append(out, requestSteps()...)
	out = append(out, onlySteps()...)
	out = append(out, onlyRequestSteps()...)
	out = append(out, anyRequestSteps()...)
	out = append(out, tableSteps()...)
	out = append(out, reasonSteps()...)
	out = append(out, changeSteps()...)
	out = append(out, compareSteps()...)
	return out
}

func given(pattern, explanation string, run func(context.Context, *scenario, call) error, examples ...string) entry {
	return entry{Step: Step{"Given", pattern, explanation, examples}, run: run}
}

func then(pattern, explanation string, run func(context.Context, *scenario, call) error, examples ...string) entry {
	return entry{Step: Step{"Then", pattern, explanation, examples}, check: true, run: run}
}

// onWire marks a step that traffic can judge.
func onWire(e entry) entry {
	e.wire = true
	return e
}

// tabled marks a step that has a table.
func tabled(e entry) entry {
	e.table = true
	return e
}
