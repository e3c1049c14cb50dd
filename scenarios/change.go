package scenarios

import (
	"context"
	"errors"
	"fmt"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
)

const changeTable = "\n  | from      | to           | on      |\n  | shop/cart | the internet | any     |\n  | shop/web  | shop/cart    | TCP 443 |"

func changeSteps() []entry {
	none := func(does string, opens bool) entry {
		return then(`the change `+does+` no connections`,
			"Nothing that the proposed change touches "+does+" a connection, between any pods, nodes and addresses outside the cluster, nor by one that stays the requests that a proxy lets in.",
			func(ctx context.Context, s *scenario, _ call) error { return s.noChange(ctx, opens) },
			`Then the change `+does+` no connections`)
	}
	listed := func(does, how, explanation string, opens, exactly bool) entry {
		return tabled(then(`the change `+does+` `+how+`:`, explanation,
			func(ctx context.Context, s *scenario, c call) error {
				return s.onlyChange(ctx, c.table, opens, exactly)
			},
			`Then the change `+does+` `+how+`:`+changeTable))
	}
	const only = "Each connection that the proposed change %s, or by which it does so for some requests, is in a row of the table. Under on stands any, or ports as in other steps."
	const exactly = "Each connection that the proposed change %s is in a row of the table, and each pair of a row is there: on all ports said, or on some for any."
	return []entry{
		none("opens", true), none("closes", false),
		listed("opens", "only", fmt.Sprintf(only, "opens"), true, false),
		listed("closes", "only", fmt.Sprintf(only, "closes"), false, false),
		listed("opens", "exactly", fmt.Sprintf(exactly, "opens"), true, true),
		listed("closes", "exactly", fmt.Sprintf(exactly, "closes"), false, true),
	}
}

// delta is what a change opens, or closes, between two peers.
type delta struct {
	line sim.ChangeLine
	sure algebra.Set // for certain
	open algebra.Set // perhaps
}

// sides returns the views before and after the change.
func (s *scenario) sides(ctx context.Context) (before, after *view, err error) {
	if !s.setup.changed() {
		return nil, nil, errors.New(`no change is proposed: say Given the proposed change "file.yaml"`)
	}
	e, err := s.effective()
	if err != nil {
		return nil, nil, err
	}
	if before, err = s.w.before(ctx, e); err == nil {
		after, err = s.w.after(ctx, e)
	}
	return before, after, s.where(err)
}

// deltas lists what a change opens or closes.
func deltas(ctx context.Context, before, after *view, opens bool, by sim.Granularity) ([]delta, error) {
	var out []delta
	for line := range sim.Plan(before.sim, after.sim, sim.MatrixOptions{By: by, Nodes: true}) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !real(before, after, line.From) || !real(before, after, line.To) {
			continue
		}
		a, b := line.Before, line.After
		if !opens {
			a, b = b, a
		}
		d := delta{line: line, sure: algebra.DropPortZero(b.Allow.Subtract(a.May))}
		d.open = algebra.DropPortZero(b.May.Subtract(a.May).Union(b.Allow.Subtract(a.Allow)).Subtract(d.sure))
		sure, open := b.MoreRequests(a)
		d.sure = d.sure.Union(algebra.DropPortZero(sure))
		d.open = d.open.Union(algebra.DropPortZero(open)).Subtract(d.sure)
		if !d.sure.Empty() || !d.open.Empty() {
			out = append(out, d)
		}
	}
	return out, nil
}

// real tells whether a range holds addresses outside the cluster.
func real(before, after *view, p *sim.Peer) bool {
	if !p.IsExternal() {
		return true
	}
	set := algebra.AddrSet{p.Range}
	return set.Overlaps(before.outside()) || set.Overlaps(after.outside())
}

func (s *scenario) noChange(ctx context.Context, opens bool) error {
	before, after, err := s.sides(ctx)
	if err != nil {
		return err
	}
	list, err := deltas(ctx, before, after, opens, sim.ByWorkload)
	if err != nil {
		return err
	}
	return s.changes(after, list, opens, "")
}

// changes fails for deltas that should not be there.
func (s *scenario) changes(v *view, list []delta, opens bool, than string) error {
	s.last = evidence{view: v}
	for i := range list {
		s.last.lines = append(s.last.lines, list[i].line.Because)
	}
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
	word, verb := "opens", "+"
	if !opens {
		word, verb = "closes", "-"
	}
	if sure > 0 {
		f.Status = Failed
		f.Message = fmt.Sprintf("the change %s connections of %s%s", word, count(sure, "pair", "pairs"), than)
	} else {
		f.Message = fmt.Sprintf("it is undetermined whether the change %s connections of %s%s", word, count(len(list), "pair", "pairs"), than)
	}
	const most = 10
	for i := range list[:min(most, len(list))] {
		f.Lines = append(f.Lines, list[i].text(v, verb)...)
	}
	if n := len(list) - most; n > 0 {
		f.Lines = append(f.Lines, fmt.Sprintf("and %d more", n))
	}
	f.Hint = "to see it: " + s.planCommand()
	return f
}

// text words a delta with its causes.
func (d *delta) text(v *view, verb string) []string {
	set := d.sure
	if set.Empty() {
		set, verb = d.open, "?"
	}
	out := []string{fmt.Sprintf("%s %s to %s on %s", verb, d.line.From.ID, d.line.To.ID, v.words(set))}
	example := d.line.Opens
	if verb == "-" {
		example = d.line.Closes
	}
	if example != nil && example.Request != nil {
		out = append(out, "    for example "+example.String())
	}
	for _, o := range d.line.Because {
		out = append(out, "    because of "+o.String())
	}
	return out
}

// words writes connections in the cluster's families.
func (v *view) words(set algebra.Set) string {
	var fams []algebra.Family
	for _, f := range [...]algebra.Family{algebra.IPv4, algebra.IPv6} {
		if v.mask&(1<<f) != 0 && !algebra.InFamily(set, f).Empty() {
			fams = append(fams, f)
		}
	}
	if len(fams) == 0 {
		return algebra.FormatConns(set)
	}
	return algebra.FormatConns(set, fams...)
}
