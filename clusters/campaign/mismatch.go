package campaign

import (
	"context"
	"errors"
	"strings"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/minimise"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

// count adds a round's flows to the report and makes its contradictions small.
func (c *campaign) count(ctx context.Context, round int, have []*model.Object, rows []diff.Row) error {
	known := map[string]int{} // by deciding rule: index into Mismatches
	for i := range rows {
		row := &rows[i]
		c.rep.Flows++
		if row.Class == diff.Unasked {
			return errors.New(row.Why)
		}
		c.rep.Table.Add(row.Predicted, row.Seen)
		switch row.Class {
		case diff.Resolved:
			c.resolved(row)
		case diff.Disagree:
			key := row.Rule + row.Seen.String()
			if at, ok := known[key]; ok {
				c.rep.Mismatches[at].Same++
				continue
			}
			known[key] = len(c.rep.Mismatches)
			m, err := c.mismatch(ctx, round, have, row)
			if err != nil {
				return err
			}
			c.rep.Mismatches = append(c.rep.Mismatches, m)
		}
	}
	return nil
}

func (c *campaign) resolved(row *diff.Row) {
	if c.rep.Resolved[row.Rule] == nil {
		c.rep.Resolved[row.Rule] = map[string]int{}
	}
	c.rep.Resolved[row.Rule][row.Seen.String()]++
}

// mismatch makes one contradiction small.
func (c *campaign) mismatch(ctx context.Context, round int, have []*model.Object, row *diff.Row) (Mismatch, error) {
	out, _ := row.Record.Outcome()
	m := Mismatch{Round: round, Flow: row.Record.Flow, Predicted: row.Predicted, Observed: out, Rule: row.Rule}
	if c.small >= c.o.Small {
		m.Problem = "enough others were made small"
		return m, nil
	}
	c.small++
	small, err := minimise.Run(ctx, have, row.Record.Flow, &observer{c.b}, minimise.Options{Network: c.o.Network, MaxProbes: c.o.Probes})
	switch {
	case ctx.Err() != nil:
		m.Problem = "there was no time to make it small"
		return m, nil //nolint:nilerr // the end of its time is not an error: the report says it
	case err != nil:
		m.Problem = err.Error()
	default:
		m.Small = small
	}
	// The stage may be smaller now.
	c.have, err = c.b.Set(ctx, c.stage)
	return m, err
}

// observer shows candidates to a bench.
type observer struct{ b Bench }

// Changes tells that a bench can change all kinds but nodes.
func (*observer) Changes(kind string) bool { return kind != "Node" }

// Cheap tells that only policies can be changed without making pods anew.
func (*observer) Cheap(kind string) bool { return strings.HasSuffix(kind, "Policy") }

// Observe makes the objects hold and probes the flow until two answers agree, at
// most four times.
func (o *observer) Observe(ctx context.Context, objects []*model.Object, flow observation.Flow) (model.Outcome, bool, error) {
	if _, err := o.b.Set(ctx, objects); err != nil {
		return model.Undetermined, false, err
	}
	count := map[model.Outcome]int{}
	for range 4 {
		records, err := o.b.Probe(ctx, []observation.Flow{flow})
		if err != nil {
			return model.Undetermined, false, err
		}
		out, ok := records[0].Outcome()
		if !ok {
			continue
		}
		if count[out]++; count[out] == 2 {
			return out, true, nil
		}
	}
	return model.Undetermined, false, nil
}
