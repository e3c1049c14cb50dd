package scenarios

import (
	"context"
	"fmt"
	"slices"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
)

func compareSteps() []entry {
	return []entry{
		then(`NAME and NAME agree on every connection[ on PORTS]`,
			"Both networks give the same answer for every pair of pods, nodes and addresses, on every port or those said.",
			agreeOnAll, `Then "calico" and "cilium" agree on every connection`, `Then "calico" and "cilium" agree on every connection on ports "TCP; UDP"`),
		then(`NAME and NAME agree on SUBJECT reaching|to SUBJECT[ on PORTS]`,
			"Both networks give the same answer for each of the first and each of the second.",
			func(ctx context.Context, s *scenario, c call) error { return s.agree(ctx, c, false) },
			`Then "calico" and "cilium" agree on namespace "shop" reaching the internet`),
		then(`NAME and NAME agree on `+asked+` from SUBJECT`,
			"Under both networks the request of each of the subject gets through to an application, or under neither.",
			agreeOnRequest, `Then "calico" and "cilium" agree on GET "http://www.shop.example/offers" from the internet`),
		then(`NAME and NAME differ on SUBJECT reaching|to SUBJECT[ on PORTS]`,
			"For some of the first and some of the second, one network allows what the other denies.",
			func(ctx context.Context, s *scenario, c call) error { return s.agree(ctx, c, true) },
			`Then "calico" and "cilium" differ on node "n1" reaching "shop/web" on TCP 80`),
	}
}

// under returns the views of the scenario under two networks.
func (s *scenario) under(ctx context.Context, a, b string) ([2]*view, error) {
	var out [2]*view
	e, err := s.effective()
	if err != nil {
		return out, err
	}
	for i, name := range [...]string{unquote(a), unquote(b)} {
		x := *e
		x.network = name
		if out[i], err = s.w.after(ctx, &x); err != nil {
			return out, s.where(err)
		}
	}
	return out, nil
}

// disagreement is a pair for which two networks give different answers.
type disagreement struct {
	diff sim.Difference
	sure algebra.Set // allowed by one and denied by the other
	open algebra.Set // settled by one and open for the other
}

func disagreements(ctx context.Context, v [2]*view, w want, takes func(sim.Difference) bool) ([]disagreement, error) {
	var out []disagreement
	for d := range sim.Compare([]*sim.Simulator{v[0].sim, v[1].sim}, sim.MatrixOptions{Nodes: true}) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !takes(d) || !real(v[0], v[1], d.From) || !real(v[0], v[1], d.To) {
			continue
		}
		a, b := d.By[0], d.By[1]
		x := disagreement{diff: d}
		x.sure = a.Allow.Subtract(b.May).Union(b.Allow.Subtract(a.May)).Intersect(w.set)
		changed := a.Allow.Subtract(b.Allow).Union(b.Allow.Subtract(a.Allow)).Union(a.May.Subtract(b.May)).Union(b.May.Subtract(a.May))
		x.open = changed.Intersect(w.set).Subtract(x.sure)
		if !x.sure.Empty() || !x.open.Empty() {
			out = append(out, x)
		}
	}
	return out, nil
}

func agreeOnAll(ctx context.Context, s *scenario, c call) error {
	v, err := s.under(ctx, c.args[0], c.args[1])
	if err != nil {
		return err
	}
	w, err := parseWant(c.args[2])
	if err != nil {
		return err
	}
	list, err := disagreements(ctx, v, w, func(sim.Difference) bool { return true })
	if err != nil {
		return err
	}
	return s.disagree(v, c, w, list)
}

// disagree fails for disagreements.
func (s *scenario) disagree(v [2]*view, c call, w want, list []disagreement) error {
	s.last = evidence{}
	if len(list) == 0 {
		return nil
	}
	f := &Failure{Status: Undetermined}
	sure := 0
	for i := range list {
		if !list[i].sure.Empty() {
			sure++
		}
	}
	slices.SortStableFunc(list, func(a, b disagreement) int { return a.rank() - b.rank() })
	f.Message = fmt.Sprintf("%s and %s may differ on %s: one of them leaves the answer open", c.args[0], c.args[1], count(len(list), "pair", "pairs"))
	if sure > 0 {
		f.Status = Failed
		f.Message = fmt.Sprintf("%s and %s differ on %s", c.args[0], c.args[1], count(sure, "pair", "pairs"))
	}
	const most = 10
	for i := range list[:min(most, len(list))] {
		d := list[i].diff
		f.Lines = append(f.Lines, fmt.Sprintf("%s to %s: %s %s, %s %s", d.From.ID, d.To.ID,
			unquote(c.args[0]), v[0].answerOf(d.By[0], w), unquote(c.args[1]), v[1].answerOf(d.By[1], w)))
	}
	if n := len(list) - most; n > 0 {
		f.Lines = append(f.Lines, fmt.Sprintf("and %d more", n))
	}
	if cmd := s.compareCommand(unquote(c.args[0]), unquote(c.args[1])); cmd != "" {
		f.Hint = "to see it: " + cmd
	}
	return f
}

// rank puts certain disagreements first.
func (d *disagreement) rank() int {
	if d.sure.Empty() {
		return 1
	}
	return 0
}

// answerOf words what a network lets pass, of what was asked for.
func (v *view) answerOf(c *sim.Connections, w want) string {
	text := v.words(c.Allow.Intersect(w.set))
	if open := c.May.Subtract(c.Allow).Intersect(w.set); !open.Empty() {
		text += " (undetermined: " + v.words(open) + ")"
	}
	return text
}

// agree compares the networks on some ends.
func (s *scenario) agree(ctx context.Context, c call, differ bool) error {
	v, err := s.under(ctx, c.args[0], c.args[1])
	if err != nil {
		return err
	}
	w, err := parseWant(c.args[4])
	if err != nil {
		return err
	}
	var sides [2]span
	for i, text := range c.args[2:4] {
		sub, err := parseSubject(text)
		if err != nil {
			return err
		}
		if sides[i], err = subjectSpan(v[0], sub); err != nil {
			return err
		}
	}
	list, err := disagreements(ctx, v, w, func(d sim.Difference) bool {
		_, from := peerSpan(v[0], v[1], d.From).within(sides[0])
		_, to := peerSpan(v[0], v[1], d.To).within(sides[1])
		return from && to
	})
	if err != nil || !differ {
		if err == nil {
			err = s.disagree(v, c, w, list)
		}
		return err
	}
	return differing(c, list)
}

func subjectSpan(v *view, sub subject) (span, error) {
	d, err := v.resolve(sub)
	if err != nil {
		return span{}, err
	}
	d = v.opened(d)
	out := span{keys: map[endKey]bool{}, addrs: d.addrs}
	for _, i := range d.endpoints {
		out.keys[keyOf(&v.m.Endpoints[i])] = true
	}
	return out, nil
}

func differing(c call, list []disagreement) error {
	for i := range list {
		if !list[i].sure.Empty() {
			return nil
		}
	}
	if len(list) > 0 {
		return &Failure{Status: Undetermined, Message: fmt.Sprintf("it is undetermined whether %s and %s differ: one of them leaves the answer open", c.args[0], c.args[1])}
	}
	return &Failure{Status: Failed, Message: fmt.Sprintf("%s and %s agree on %s reaching %s", c.args[0], c.args[1], c.args[2], c.args[3])}
}
