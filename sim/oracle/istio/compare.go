package istio

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

// difference is what netfate says otherwise than istiod's configuration: of a
// flow, or of whether the webhook refuses an object.
type difference struct {
	flow    *flow
	object  string // "Kind/namespace/name"
	netfate string
	istio   string
}

// String writes both answers.
func (d *difference) String() string {
	what := "the object " + d.object
	if d.flow != nil {
		what = d.flow.String()
	}
	return fmt.Sprintf("%s\n  netfate: %s\n  istio:   %s", what, d.netfate, d.istio)
}

// compare asks both sides about the objects and the flows of a mesh, counts the
// answers and returns the differences that no class explains.
func compare(m *meshState, flows []flow, t *tally) ([]difference, error) {
	d, err := newIstiod(m)
	if err != nil {
		return nil, err
	}
	s, refused, err := newNetfate(m)
	if err != nil {
		return nil, err
	}
	t.meshes++
	t.objects += len(m.objects)
	t.refused += len(d.refused)
	if out := compareRefused(d, refused); len(out) > 0 {
		return out, nil // flows would differ for the same reason
	}
	var out []difference
	for i := range flows {
		x, err := compareFlow(d, s, &flows[i], t)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", flows[i].String(), err)
		}
		if x != nil {
			out = append(out, *x)
		}
	}
	return out, nil
}

// compareRefused compares which objects the webhook refuses.
func compareRefused(d *istiod, refused map[string]bool) []difference {
	var out []difference
	for _, name := range slices.Sorted(maps.Keys(d.refused)) {
		if !refused[name] {
			out = append(out, difference{object: name, netfate: "accepted", istio: "refused: " + d.refused[name].Error()})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(refused)) {
		if d.refused[name] == nil {
			out = append(out, difference{object: name, netfate: "refused", istio: "accepted"})
		}
	}
	return out
}

// compareFlow compares the two answers to a flow.
func compareFlow(d *istiod, s *sim.Simulator, f *flow, t *tally) (*difference, error) {
	want, err := settled(d, f)
	if err != nil {
		return nil, err
	}
	if f.gateway {
		return compareAtGateway(want, s, f, t)
	}
	v, err := ask(s, d.mesh, f)
	if err != nil {
		return nil, err
	}
	got := outcomeOf(&v)
	t.count(want, &got)
	if want.stage == noRequest {
		return anyRequest(d, f, &v, t)
	}
	return differs(want, &got, f, t), nil
}

// compareAtGateway compares what stands before the listeners of the gateway.
func compareAtGateway(want answer, s *sim.Simulator, f *flow, t *tally) (*difference, error) {
	v, err := askGateway(s, f)
	if err != nil {
		return nil, err
	}
	got, err := atGateway(&v)
	if err != nil {
		return nil, err
	}
	t.countAt("gateway, ", want, &got)
	return differs(want, &got, f, t), nil
}

// differs is the difference of two answers, nil where they agree or a class explains it.
func differs(want answer, got *outcome, f *flow, t *tally) *difference {
	if agree(want, got) {
		return nil
	}
	if c := explain(want, got); c != "" {
		t.explained[c]++
		return nil
	}
	return &difference{flow: f, netfate: got.String(), istio: want.String()}
}

// settled is istiod's answer to a flow, which is refused only where the refused
// template makes a difference.
func settled(d *istiod, f *flow) (answer, error) {
	a, err := d.decide(f, false)
	if err != nil || !a.refused {
		return a, err
	}
	b, err := d.decide(f, true)
	a.refused = b != a
	return a, err
}

// agree tells whether netfate's outcome is istiod's answer: the same stage decides,
// and an HTTP client gets the same status. What an external authorizer decides is open.
func agree(want answer, got *outcome) bool {
	if want.stage == atService || got.open || want.refused {
		return want.stage == atService && got.open && !want.refused
	}
	return want.stage == got.answer.stage && (want.status == 0 || want.status == got.answer.status || want.asked && got.answer.status == 0)
}

// anyRequest compares a flow without request to a port that speaks HTTP: where
// netfate says what becomes of it, that must become of every request.
func anyRequest(d *istiod, f *flow, v *model.Verdict, t *tally) (*difference, error) {
	if v.Outcome == model.Undetermined {
		return nil, nil
	}
	for _, r := range probes() {
		x := *f
		x.request = r
		want, err := settled(d, &x)
		if err != nil {
			return nil, err
		}
		t.probes++
		if want.stage != atToken && (want.stage == atService || (want.stage == passes) != (v.Outcome == model.Allowed)) {
			return &difference{flow: f, netfate: v.Outcome.String() + " for every request", istio: want.String() + " for " + x.String()}, nil
		}
	}
	return nil, nil
}

// probes are requests of many kinds.
func probes() []*call {
	tok := &claims{issuer: "acme", subject: "one", audiences: []string{"shop"}, presenter: "app", more: map[string][]string{"group": {"dev"}, "scope": {"read"}}}
	var out []*call
	for _, path := range []string{"/", "/a", "/a/b", "/x/b"} {
		for _, method := range []string{"GET", "POST"} {
			out = append(out, &call{method: method, host: "s.t", path: path, headers: map[string]string{}},
				&call{method: method, host: "s.t", path: path, headers: map[string]string{"x-env": "prod"}, token: tok})
		}
	}
	return out
}

// explain returns the class of a difference, "" for none: netfate leaves the flow
// open, or of a refusal the stage and so the status, for nothing but reasons that
// are understood.
func explain(want answer, got *outcome) string {
	refused := want.stage == atToken || want.stage == atRules
	if !got.open && (got.answer.status != 0 || !refused) {
		return ""
	}
	class := ""
	for _, w := range got.why {
		i := slices.IndexFunc(classes(), func(c openClass) bool { return strings.Contains(w, c.reason) })
		switch {
		case i >= 0:
			class = classes()[i].name
		case !strings.Contains(w, askedText):
			return ""
		}
	}
	return class
}

// askedText is in netfate's reason for what external authorizers decide.
const askedText = "decides, which netfate does not ask"

// openClass is a reason for which netfate leaves open what configuration settles.
type openClass struct{ name, reason string }

// classes are these reasons, each explained in docs/differential.md.
func classes() []openClass {
	return []openClass{
		{"metadata of filters", "what filters put into"},
		{"path with query", "request.headers[:path]"},
		{"refused template", "does not start with /"},
	}
}
