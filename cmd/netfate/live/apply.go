package live

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/source"
	"github.com/netfate/netfate/reports"
)

const applyLong = `Make pods that stand for those of a snapshot be there with its policies, and leave them:
for looking at a cluster by hand. "netfate live probe" does the same, probes, and removes
them; it refuses to use namespaces that this command made.

"netfate live clean" removes them; so does the next apply, which makes its own.`

const applyExamples = `  netfate live apply -f deploy/ --network cilium
  netfate live apply -f deploy/ --name second`

type applyFlags struct {
	target Target
	files  source.Flags
}

func newApplyCommand(s *cli.Streams) *cobra.Command {
	f := &applyFlags{}
	cmd := &cobra.Command{
		Use: "apply -f SOURCE [flags]", Short: "Mirror a snapshot into a cluster", Long: applyLong, Example: applyExamples, Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	sourceFlags(cmd, &f.files)
	f.target.purpose = "apply"
	f.target.Register(cmd)
	return cmd
}

func (f *applyFlags) run(ctx context.Context, s *cli.Streams) error {
	snap, err := f.files.Snapshot(ctx, s, "netfate live apply")
	if err != nil {
		return err
	}
	f.target.up.keep = true
	p, err := f.target.Open(ctx, s, newSteps(s), nil, nil)
	if err != nil {
		return err
	}
	m, err := p.Bench.Mirror(ctx, snap)
	if err != nil {
		return errors.Join(err, p.Close(ctx))
	}
	if err := p.Bench.Leave(ctx); err != nil {
		return err
	}
	var in reports.Input
	in.Add(m.Problems, nil, nil)
	if err := reports.Problems(s.Err, &in, 20, s.ErrPalette()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, "%d pods, %d Services and %d policies are in %s; netfate live clean removes them\n", len(m.Pods), len(m.Services), len(m.Policies), p.Name)
	return err
}
