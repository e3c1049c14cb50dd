package replay

import (
	"context"
	"fmt"
	"strings"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

// Snapshot reads the manifests of the case.
func (c *Case) Snapshot(ctx context.Context) (*model.Snapshot, error) {
	var b strings.Builder
	for _, f := range c.Manifests {
		b.WriteString("---\n" + f.Data)
	}
	return sim.Load(ctx, collect.Options{Sources: []string{"-"}, Stdin: strings.NewReader(b.String())})
}

// Replay predicts every flow of the case under its profile and puts the answer
// beside what was observed. The error is for a case that cannot be read, or that
// holds an object which the API server would have refused.
func (c *Case) Replay(ctx context.Context) ([]diff.Row, error) {
	snap, err := c.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	s, err := sim.New(snap, sim.Options{Network: c.Run.Profile, Mesh: c.Run.Mesh})
	if err != nil {
		return nil, err
	}
	for _, p := range s.Problems() {
		if p.Severity == model.Error {
			return nil, fmt.Errorf("the cluster took what netfate refuses: %w", p)
		}
	}
	var out []diff.Row
	for _, f := range c.Flows {
		rec := observation.Record{Flow: f.Flow, Result: observation.Connected}
		if f.Outcome == model.Denied {
			rec.Result = observation.Timeout
		}
		row := diff.One(s, rec)
		if row.Class == diff.Unasked {
			return nil, fmt.Errorf("a flow cannot be asked for: %s", row.Why)
		}
		out = append(out, row)
	}
	return out, nil
}

// Unread lists the kinds of the case that netfate does not translate.
func (c *Case) Unread(ctx context.Context) ([]model.KindCount, error) {
	snap, err := c.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return snap.Unread, nil
}
