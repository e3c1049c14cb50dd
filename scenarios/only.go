package scenarios

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

const everyone = " This is proven over all pods, all nodes and all addresses outside the cluster; what the platform grants a pod's own node, which no policy can refuse, does not count, nor does a pod's access to itself."

func onlySteps() []entry {
	return []entry{
		onWire(then(`only SUBJECTS can reach SUBJECT[ on PORTS]`,
			"Nothing else can open a connection to any of the destination, and each of those named has at least one."+everyone,
			onlyReach,
			`Then only "shop/checkout" can reach "shop/payments"`,
			`Then only "shop/web", pods labelled "app=probe" and namespace "ops" can reach "shop/cart" on TCP 7070`)),
		onWire(then(`SUBJECT can reach only SUBJECTS[ on PORTS]`,
			"None of the first can open a connection to anything else, and to each of those named there is at least one. A service stands for the pods behind it. This is proven over all pods, all nodes and all addresses outside the cluster; a pod's access to itself does not count.",
			reachOnly,
			`Then "shop/cart" can reach only "shop/redis" and "kube-system/coredns"`,
			`Then namespace "shop" can reach only namespace "shop", the internet on any port`)),
		onWire(then(`nothing can reach SUBJECT[ on PORTS]`,
			"Nobody can open a connection to any of the destination."+everyone,
			nothingReach, `Then nothing can reach "shop/batch"`)),
		onWire(then(`nothing outside the cluster can reach SUBJECT[ on PORTS]`,
			"No address outside the cluster can open a connection to any of the destination, directly or through a Service that is open to the outside.",
			outsideReach, `Then nothing outside the cluster can reach namespace "shop"`)),
		onWire(then(`nothing outside namespace NAME can reach SUBJECT[ on PORTS]`,
			"No pod of another namespace, no node and no address outside the cluster can open a connection to any of the destination."+everyone,
			outsideNamespaceReach, `Then nothing outside namespace "shop" can reach "shop/db" on TCP 5432`)),
	}
}

// universe is every endpoint and every address outside the cluster.
func (v *view) universe() *ends {
	return &ends{text: "everything", endpoints: v.order(), addrs: v.outside().Intersect(v.families()), wide: true}
}

// without returns the universe less what is named.
func (v *view) without(list []*ends) *ends {
	all := v.universe()
	drop := map[int]bool{}
	for _, d := range list {
		for _, i := range d.endpoints {
			drop[i] = true
		}
		all.addrs = all.addrs.Subtract(d.addrs)
	}
	return v.keep(all, func(i int) bool { return !drop[i] })
}

func (v *view) keep(d *ends, takes func(int) bool) *ends {
	out := *d
	out.endpoints = nil
	for _, i := range d.endpoints {
		if takes(i) {
			out.endpoints = append(out.endpoints, i)
		}
	}
	return &out
}

func onlyReach(ctx context.Context, s *scenario, c call) error {
	v, dst, err := s.resolve(ctx, c.args[1])
	if err != nil {
		return err
	}
	w, list, err := v.listed(c.args[0], c.args[2])
	if err != nil {
		return err
	}
	q := question{from: v.without(list), to: dst[0], want: w, deny: true}
	if err := s.nobody(ctx, v, q, "something else can "+doing(w, dst[0].text), append(list, dst...)); err != nil {
		return err
	}
	for _, d := range list {
		if err := s.somehow(ctx, v, question{from: d, to: dst[0], want: w, granted: true}); err != nil {
			return err
		}
	}
	return nil
}

func reachOnly(ctx context.Context, s *scenario, c call) error {
	v, src, err := s.resolve(ctx, c.args[0])
	if err != nil {
		return err
	}
	w, list, err := v.listed(c.args[1], c.args[2])
	if err != nil {
		return err
	}
	for i, d := range list {
		list[i] = v.opened(d)
	}
	q := question{from: src[0], to: v.without(list), want: w, deny: true}
	if err := s.nobody(ctx, v, q, src[0].text+" can reach something else"+onText(w), append(src, list...)); err != nil {
		return err
	}
	for _, d := range list {
		if err := s.somehow(ctx, v, question{from: src[0], to: d, want: w, granted: true}); err != nil {
			return err
		}
	}
	return nil
}

// opened replaces Services by what is behind them.
func (v *view) opened(d *ends) *ends {
	out := *d
	out.routed = nil
	for _, p := range d.routed {
		if p.Kind == model.PartyService {
			b := v.behind(p.Index)
			out.endpoints = append(slices.Clone(out.endpoints), b.endpoints...)
			out.addrs = out.addrs.Union(b.addrs)
			continue
		}
		out.routed = append(out.routed, p)
	}
	v.sort(&out)
	return &out
}

func onText(w want) string {
	if w.text == "" {
		return ""
	}
	return " on " + w.text
}

func (v *view) listed(subjects, ports string) (want, []*ends, error) {
	w, err := parseWant(ports)
	if err != nil {
		return w, nil, err
	}
	out, err := v.resolveAll(subjects)
	return w, out, err
}

// nobody checks that a question of everything else finds no connection. There
// being nobody else is fine.
func (s *scenario) nobody(ctx context.Context, v *view, q question, failed string, known []*ends) error {
	t := &tally{v: v}
	if err := s.judge(v).find(ctx, q, t.add); err != nil {
		return err
	}
	sort := ""
	if n := t.count[algebra.No]; n > 1 {
		sort = fmt.Sprintf(" (%d kinds of it; the first is shown)", n)
	}
	t.count[algebra.Yes] = 0 // that others are refused is no surprise
	return s.judged(v, t, failed+sort, "it is undetermined whether "+failed, names(known...))
}

// somehow checks that some member of the first has some connection to the second.
func (s *scenario) somehow(ctx context.Context, v *view, q question) error {
	q.want.some = true
	t := &tally{v: v}
	err := s.judge(v).find(ctx, q, func(f finding) bool {
		t.add(f)
		return f.holds != algebra.Yes
	})
	if err != nil || t.count[algebra.Yes] > 0 || t.total() == 0 {
		return err
	}
	s.last = evidence{view: v, flows: t.sample}
	f := &Failure{Status: Failed, Names: names(q.from, q.to), Message: q.from.text + " cannot " + doing(q.want, q.to.text) + " itself"}
	pick := algebra.No
	if t.count[algebra.Maybe] > 0 {
		f.Status, pick = Undetermined, algebra.Maybe
		f.Message = "it is undetermined whether " + q.from.text + " can " + doing(q.want, q.to.text)
	}
	f.Cases = []Case{s.newCase(v, t.first[pick])}
	return f
}

func nothingReach(ctx context.Context, s *scenario, c call) error {
	return s.nothing(ctx, c.args[0], c.args[1], "something can ", func(v *view) (*ends, error) { return v.universe(), nil })
}

func outsideReach(ctx context.Context, s *scenario, c call) error {
	return s.nothing(ctx, c.args[0], c.args[1], "something outside the cluster can ", (*view).outsiders)
}

// outsiders is every address outside the cluster.
func (v *view) outsiders() (*ends, error) {
	return v.keep(v.universe(), func(int) bool { return false }), nil
}

func outsideNamespaceReach(ctx context.Context, s *scenario, c call) error {
	return s.nothing(ctx, c.args[1], c.args[2], "something outside namespace "+c.args[0]+" can ", func(v *view) (*ends, error) {
		return v.outsideNamespace(c.args[0])
	})
}

// outsideNamespace is everything but the pods of a namespace, given in quotes.
func (v *view) outsideNamespace(quoted string) (*ends, error) {
	ns := strings.TrimSpace(unquote(quoted))
	if err := v.knowsNamespace(ns); err != nil {
		return nil, err
	}
	return v.keep(v.universe(), func(i int) bool { return v.m.Endpoints[i].Namespace != ns || v.m.Endpoints[i].Cluster != "" }), nil
}

func (s *scenario) nothing(ctx context.Context, to, ports, failed string, who func(*view) (*ends, error)) error {
	v, dst, err := s.resolve(ctx, to)
	if err != nil {
		return err
	}
	w, err := parseWant(ports)
	if err != nil {
		return err
	}
	from, err := who(v)
	if err != nil {
		return err
	}
	return s.nobody(ctx, v, question{from: from, to: dst[0], want: w, deny: true}, failed+doing(w, dst[0].text), dst)
}
