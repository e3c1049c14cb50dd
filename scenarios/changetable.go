package scenarios

import (
	"context"
	"errors"
	"strings"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// endKey is an endpoint, whichever side of a change it is on.
type endKey struct{ cluster, kind, namespace, name string }

func keyOf(e *model.Endpoint) endKey {
	return endKey{e.Cluster, e.Kind.String(), e.Namespace, e.Name}
}

// reach is the endpoints and addresses of one end of a row or a line.
type span struct {
	keys  map[endKey]bool
	addrs algebra.AddrSet
}

// expected is a row of a table of changes.
type expected struct {
	text     string
	from, to span
	want     want
}

// line is a delta with its ends as spans.
type planned struct {
	*delta
	from, to span
}

// expectations reads the table.
func expectations(before, after *view, table [][]string) ([]expected, error) {
	if len(table) < 2 || len(table[0]) != 3 || strings.ToLower(strings.Join(table[0], " ")) != "from to on" {
		return nil, errors.New("the table needs the columns from, to and on, and a row for each change")
	}
	var out []expected
	for _, row := range table[1:] {
		if len(row) != len(table[0]) {
			return nil, errors.New("the rows of the table differ in length")
		}
		x := expected{text: strings.Join(row, " | ")}
		var err error
		if x.from, err = spanOf(before, after, row[0]); err != nil {
			return nil, err
		}
		if x.to, err = spanOf(before, after, row[1]); err != nil {
			return nil, err
		}
		if x.want, err = tablePorts(row[2]); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

func tablePorts(text string) (want, error) {
	if text == "" || text == "any" {
		return parseWant("")
	}
	set, err := algebra.ParseConns(text)
	return want{set: algebra.DropPortZero(set), text: text}, err
}

// spanOf resolves a name on both sides; it need stand for something on one only.
func spanOf(before, after *view, text string) (span, error) {
	out := span{keys: map[endKey]bool{}}
	var failed error
	found := false
	for _, v := range []*view{before, after} {
		d, err := v.inTable(text, "")
		if err != nil {
			failed = err
			continue
		}
		found = true
		d = v.opened(d)
		for _, i := range d.endpoints {
			out.keys[keyOf(&v.m.Endpoints[i])] = true
		}
		out.addrs = out.addrs.Union(d.addrs)
	}
	if found {
		return out, nil
	}
	return out, failed
}

// peerSpan returns what a peer of a plan stands for.
func peerSpan(before, after *view, p *sim.Peer) span {
	if p.IsExternal() {
		set := algebra.AddrSet{p.Range}
		return span{addrs: set.Intersect(before.outside()).Union(set.Intersect(after.outside()))}
	}
	v := before
	if !has(before, p) {
		v = after
	}
	out := span{keys: map[endKey]bool{}}
	for _, i := range p.Endpoints {
		out.keys[keyOf(&v.m.Endpoints[i])] = true
	}
	return out
}

// has tells whether the members of a peer are endpoints of a side.
func has(v *view, p *sim.Peer) bool {
	for _, i := range p.Endpoints {
		if i >= len(v.m.Endpoints) {
			return false
		}
		e := &v.m.Endpoints[i]
		if !strings.HasSuffix(p.ID, e.ID()) && !strings.HasSuffix(p.ID, e.WorkloadID()) {
			return false
		}
	}
	return true
}

// within tells whether all, and whether any, of a span is in another.
func (s span) within(t span) (all, any bool) {
	all = s.addrs.SubsetOf(t.addrs)
	any = s.addrs.Overlaps(t.addrs)
	for k := range s.keys {
		if t.keys[k] {
			any = true
		} else {
			all = false
		}
	}
	return all, any
}

func (s *scenario) onlyChange(ctx context.Context, table [][]string, opens, exactly bool) error {
	before, after, err := s.sides(ctx)
	if err != nil {
		return err
	}
	rows, err := expectations(before, after, table)
	if err != nil {
		return err
	}
	lines, err := plan2(ctx, before, after, rows, opens)
	if err != nil {
		return err
	}
	var extra []delta
	for _, l := range lines {
		if d := l.beyond(rows); !d.sure.Empty() || !d.open.Empty() {
			extra = append(extra, d)
		}
	}
	if err := s.changes(after, extra, opens, " more than the table says"); err != nil {
		return err
	}
	for _, l := range lines {
		s.last.lines = append(s.last.lines, l.line.Because)
	}
	if !exactly {
		return nil
	}
	return missingRows(after, rows, lines, opens)
}

// plan2 lists the changes by workload, or by pod where a row takes part of a workload.
func plan2(ctx context.Context, before, after *view, rows []expected, opens bool) ([]planned, error) {
	for _, by := range [...]sim.Granularity{sim.ByWorkload, sim.ByPod} {
		list, err := deltas(ctx, before, after, opens, by)
		if err != nil {
			return nil, err
		}
		var out []planned
		whole := true
		for i := range list {
			l := planned{&list[i], peerSpan(before, after, list[i].line.From), peerSpan(before, after, list[i].line.To)}
			out = append(out, l)
			for _, r := range rows {
				whole = whole && !parts(l.from, r.from) && !parts(l.to, r.to)
			}
		}
		if whole || by == sim.ByPod {
			return out, nil
		}
	}
	return nil, nil
}

// parts tells whether a span takes some of the endpoints of another and not all.
func parts(l, r span) bool {
	all, any := span{keys: l.keys}.within(r)
	return any && !all
}

// beyond returns what of a line is in no row.
func (l *planned) beyond(rows []expected) delta {
	out := *l.delta
	for _, r := range rows {
		from, _ := l.from.within(r.from)
		to, _ := l.to.within(r.to)
		if from && to {
			out.sure, out.open = out.sure.Subtract(r.want.set), out.open.Subtract(r.want.set)
		}
	}
	return out
}
