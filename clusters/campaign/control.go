package campaign

import (
	"context"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

// controlStage tries every flow of a stage without any policy.
func (c *campaign) controlStage(ctx context.Context) error {
	flows := AllFlows(c.stage)
	records, err := c.b.Probe(ctx, flows)
	if err != nil {
		return err
	}
	for i := range records {
		if out, ok := records[i].Outcome(); !ok || out != model.Allowed {
			c.dead[diff.Text(flows[i])] = true
			c.rep.Dead++
		}
	}
	return nil
}

// excuse makes the flows inconclusive that fail without any policy.
func (c *campaign) excuse(rows []diff.Row) {
	for i := range rows {
		if c.dead[diff.Text(rows[i].Record.Flow)] {
			open(&rows[i], observation.ControlFailedBefore)
		}
	}
}

func open(row *diff.Row, control string) {
	row.Record.Control = control
	row.Seen, row.Class = diff.Inconclusive, diff.Open
}

// control tries once more without any policy what was denied against its
// prediction: what fails then too is inconclusive and no mismatch.
func (c *campaign) control(ctx context.Context, rows []diff.Row) error {
	var at []int
	var flows []observation.Flow
	for i := range rows {
		if rows[i].Class == diff.Disagree && rows[i].Seen == diff.Denied {
			at, flows = append(at, i), append(flows, rows[i].Record.Flow)
		}
	}
	if len(at) == 0 {
		return nil
	}
	if _, err := c.b.Set(ctx, c.stage); err != nil {
		return err
	}
	records, err := c.b.Probe(ctx, flows)
	if err != nil {
		return err
	}
	for k, i := range at {
		if out, ok := records[k].Outcome(); !ok || out != model.Allowed {
			open(&rows[i], observation.ControlFailedAfter)
		}
	}
	return nil
}

// AllFlows returns every connection that a round may try.
func AllFlows(stage []*model.Object) []observation.Flow {
	var out []observation.Flow
	for _, from := range stage {
		if from.Kind != "Pod" {
			continue
		}
		src := observation.Party{Kind: observation.KindPod, ID: from.Namespace + "/" + from.Name}
		for _, to := range stage {
			id := to.Namespace + "/" + to.Name
			switch to.Kind {
			case "Pod":
				for i := range tried {
					f := observation.Flow{From: src, To: observation.Party{Kind: observation.KindPod, ID: id}}
					f.Protocol, f.Port = between(i)
					out = append(out, f)
				}
			case "Service":
				for _, port := range []uint16{80, 81} {
					out = append(out, observation.Flow{From: src, To: observation.Party{Kind: observation.KindService, ID: id}, Protocol: "TCP", Port: port})
				}
			}
		}
	}
	return out
}
