package scenarios

import (
	"context"
	"fmt"
)

func reachSteps() []entry {
	return []entry{
		onWire(then(`SUBJECT can reach SUBJECT[ on PORTS]`,
			"Each of the first can open connections to each of the second, on all the ports said. Without ports: on some port. A destination service \"ns/name\" is asked for by way of its address, to all its backends.",
			canReach,
			`Then "shop/checkout" can reach "shop/payments" on TCP 8080`,
			`Then pods labelled "app=web,tier in (a,b)" in namespace "shop" can reach service "shop/cart" on TCP 80`,
			`Then "shop/cart" can reach address "203.0.113.7" on ports "TCP 80,443; UDP 53"`,
			`Then any pod can reach "kube-system/coredns" on UDP 53`,
			`Then "shop/web" can reach "shop/cart"`)),
		onWire(then(`SUBJECT cannot reach SUBJECT[ on PORTS]`,
			"None of the first can open a connection to any of the second, on any of the ports said. Without ports: on no port of any protocol.",
			cannotReach,
			`Then "shop/frontend" cannot reach "shop/payments"`,
			`Then namespace "dev" cannot reach namespaces labelled "env=prod" on any port`,
			`Then the internet cannot reach pod "shop/db-0" on TCP 5432`,
			`Then host process on node "n1" cannot reach CIDR "10.0.0.0/8" on TCP 22`)),
		onWire(then(`SUBJECT can ping SUBJECT`,
			"Each of the first gets an ICMP echo request through to each of the second.",
			canPing, `Then node "n1" can ping "shop/web"`)),
		onWire(then(`SUBJECT cannot ping SUBJECT`,
			"No ICMP echo request of the first gets through to the second.",
			cannotPing, `Then "dev/shell" cannot ping "shop/db"`)),
	}
}

func canReach(ctx context.Context, s *scenario, c call) error { return s.reachOn(ctx, c, false) }

func cannotReach(ctx context.Context, s *scenario, c call) error { return s.reachOn(ctx, c, true) }

func canPing(ctx context.Context, s *scenario, c call) error {
	return s.reach(ctx, c.args[0], c.args[1], ping(), false)
}

func cannotPing(ctx context.Context, s *scenario, c call) error {
	return s.reach(ctx, c.args[0], c.args[1], ping(), true)
}

func (s *scenario) reachOn(ctx context.Context, c call, deny bool) error {
	w, err := parseWant(c.args[2])
	if err != nil {
		return err
	}
	return s.reach(ctx, c.args[0], c.args[1], w, deny)
}

// reach checks that each, or none, of the first reaches each of the second.
func (s *scenario) reach(ctx context.Context, from, to string, w want, deny bool) error {
	v, ends, err := s.resolve(ctx, from, to)
	if err != nil {
		return err
	}
	q := question{from: ends[0], to: ends[1], want: w, deny: deny, granted: !ends[0].wide && !ends[1].wide}
	t, err := s.tally(ctx, v, q)
	if err != nil {
		return err
	}
	verb := " cannot "
	if deny {
		verb = " can "
	}
	said := q.from.text + verb + doing(w, q.to.text)
	open := "it is undetermined whether " + q.from.text + " can " + doing(w, q.to.text)
	return s.judged(v, t, said, open, names(ends...))
}

// doing words what is asked for.
func doing(w want, to string) string {
	switch w.text {
	case "":
		return "reach " + to
	case "ping":
		return "ping " + to
	}
	return "reach " + to + " on " + w.text
}

// resolve returns the view and what subjects stand for.
func (s *scenario) resolve(ctx context.Context, texts ...string) (*view, []*ends, error) {
	v, err := s.view(ctx)
	if err != nil {
		return nil, nil, err
	}
	var out []*ends
	for _, text := range texts {
		d, err := v.resolveText(text)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, d)
	}
	return v, out, nil
}

// tally asks the simulator; that there is nothing to ask about is an error.
func (v *view) tally(ctx context.Context, q question) (*tally, error) {
	return v.tallyBy(ctx, v.asker(), q)
}

// tally asks what judges the step.
func (s *scenario) tally(ctx context.Context, v *view, q question) (*tally, error) {
	return v.tallyBy(ctx, s.judge(v), q)
}

func (v *view) tallyBy(ctx context.Context, j referee, q question) (*tally, error) {
	t := &tally{v: v}
	if err := j.find(ctx, q, t.add); err != nil {
		return nil, err
	}
	if t.total() == 0 {
		return nil, fmt.Errorf("nothing to check between %s and %s: %s", q.from.text, q.to.text, v.whyNothing(q))
	}
	return t, nil
}

func (v *view) whyNothing(q question) string {
	switch {
	case len(q.from.routed) > 0 && len(q.from.endpoints) == 0:
		return "a Service or a host name opens no connections; name the pods behind it"
	case len(q.from.endpoints) == 0 && len(q.to.endpoints) == 0:
		return "neither is in the cluster, so no policy of it is passed"
	}
	return "they are the same pod"
}
