package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/live"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/cmd/netfate/internal/source"
	"github.com/netfate/netfate/reports"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

const matrixLong = `Run one snapshot on several networks, one after the other, and show where what they do
differs, beside where their profiles say that it should. Clusters of ours that have the
networks are used; one that is brought up for this is removed before the next.

Exit status: 0 the networks do the same, 2 they differ, 1 it could not be run.`

const matrixExamples = `  netfate live matrix --networks cilium,reference -f deploy/ --lab
  netfate live matrix --networks cilium@1.20.2,calico@3.32.0 -f deploy/ --out observed/
  netfate live matrix --networks cilium,reference -f deploy/ --lab -o json`

type matrixFlags struct {
	target   Target
	output   cli.Choice
	files    source.Flags
	networks []string
	out      string
	limit    int
	all      bool
}

func newMatrixCommand(s *cli.Streams) *cobra.Command {
	f := &matrixFlags{output: cli.NewChoice("text", "json")}
	cmd := &cobra.Command{
		Use: "matrix --networks NAME,NAME... -f SOURCE [flags]", Short: "Observe several networks, and compare them", Long: matrixLong, Example: matrixExamples, Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	fs := cmd.Flags()
	fs.VarP(&f.output, "output", "o", "how to write it; json is one object a flow, one a line, of all flows")
	fs.StringSliceVar(&f.networks, "networks", nil, "`NAMES` of the networks, each perhaps with @VERSION")
	fs.StringVar(&f.out, "out", "", "write the observations below `DIRECTORY`")
	fs.IntVar(&f.limit, "max", 5000, "try at most so many connections")
	fs.BoolVar(&f.all, "all", false, "list flows on which they agree too")
	sourceFlags(cmd, &f.files)
	f.target.purpose = "matrix"
	f.target.Register(cmd)
	for _, name := range []string{"network", "name", "context", "kubeconfig"} {
		fs.Lookup(name).Hidden = true
	}
	return cmd
}

func (f *matrixFlags) run(ctx context.Context, s *cli.Streams) error {
	if len(f.networks) < 2 {
		return errors.New("give at least two networks, as in: netfate live matrix --networks cilium,calico -f deploy/")
	}
	snap, err := f.files.Snapshot(ctx, s, "netfate live matrix --networks cilium,calico")
	if err != nil {
		return err
	}
	flows, all, err := live.Flows(snap, sim.DefaultNetwork, f.limit)
	if err != nil {
		return err
	}
	if f.out != "" { // before minutes of work
		if err := os.MkdirAll(f.out, 0o755); err != nil { //nolint:gosec // as any new directory
			return err
		}
	}
	say := newSteps(s)
	say.sayf("%d of %d connections", len(flows), all)
	var engines []diff.Engine
	for _, network := range f.networks {
		e, err := f.one(ctx, s, say, network, snap, flows)
		if err != nil {
			return fmt.Errorf("%s: %w", network, err)
		}
		engines = append(engines, *e)
	}
	list := diff.Across(engines)
	if err := f.write(s, engines, list); err != nil {
		return err
	}
	for i := range list {
		if list[i].Differs {
			return exit.With(exit.Difference)
		}
	}
	return nil
}

func (f *matrixFlags) write(s *cli.Streams, engines []diff.Engine, list []diff.Crossing) error {
	if f.output.String() == "json" {
		return reports.LiveMatrixJSON(s.Out, engines, list)
	}
	return reports.LiveMatrix(s.Out, engines, list, f.all, s.OutPalette())
}

// one observes on one network.
func (f *matrixFlags) one(ctx context.Context, s *cli.Streams, say *steps, network string, snap *model.Snapshot, flows []observation.Flow) (e *diff.Engine, err error) {
	t := f.target
	t.up.network, t.up.name = network, ""
	p, err := t.Open(ctx, s, say, nil, nil)
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := p.Close(ctx); err == nil {
			err = e
		}
	}()
	h, records, err := p.Bench.Observe(ctx, snap, flows)
	if err != nil {
		return nil, err
	}
	if f.out != "" {
		name := filepath.Join(f.out, p.State.Network+".jsonl")
		if err := cli.WriteFile(ctx, name, true, func(w io.Writer) error { return observation.Write(w, h, records) }); err != nil {
			return nil, err
		}
	}
	adapted, err := diff.Adapt(snap, records)
	if err != nil {
		return nil, err
	}
	x, err := compileFor(ctx, s, f.files, h, adapted, p.Profile)
	if err != nil {
		return nil, err
	}
	return &diff.Engine{Name: diff.EngineName(h), Result: diff.Compare(x, h, records)}, nil
}
