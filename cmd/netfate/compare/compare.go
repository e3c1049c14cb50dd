// Package compare is the command "netfate compare".
package compare

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/cmd/netfate/internal/source"
	"github.com/netfate/netfate/reports"
	"github.com/netfate/netfate/sim"
)

const long = `List the pairs on which implementations do not agree: the same manifests under two
or more network profiles, with what each of them lets through.

Exit status: 0 they agree on everything, 2 they differ, 1 wrong usage or input.`

const examples = `  netfate compare -f deploy/ --network calico --network cilium
  netfate compare -f deploy/ --network cilium --network 'cilium{policyCIDRMatchMode=pods}' -o json`

type flags struct {
	source      source.Flags
	networks    []string
	output, by  cli.Choice
	excludeSelf bool
	nodes       bool
	all         bool
}

// NewCommand returns the command.
func NewCommand(s *cli.Streams) *cobra.Command {
	f := &flags{output: cli.NewChoice("table", "json"), by: cli.NewChoice("workload", "pod")}
	cmd := &cobra.Command{
		Use:     "compare -f SOURCE --network A --network B [flags]",
		Short:   "List where network implementations differ",
		Long:    long,
		Example: examples,
		Args:    cli.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	fs := cmd.Flags()
	fs.StringArrayVar(&f.networks, "network", nil, "`PROFILE` to compare; give two or more of "+strings.Join(sim.Networks(), ", "))
	fs.VarP(&f.output, "output", "o", "how to write it; json is one object a line")
	fs.Var(&f.by, "by", "what a line stands for")
	fs.BoolVar(&f.excludeSelf, "exclude-self", false, "leave out connections of a workload to itself")
	fs.BoolVar(&f.nodes, "nodes", false, "list nodes too")
	fs.BoolVar(&f.all, "undetermined", false, "also list pairs that differ only in which protocols other than TCP, UDP and SCTP are undetermined")
	f.source.Register(cmd)
	return cmd
}

func (f *flags) run(ctx context.Context, s *cli.Streams) error {
	if len(f.networks) < 2 {
		return errors.New("give two or more networks, as in --network calico --network cilium")
	}
	sims, names, err := f.simulators(ctx, s)
	if err != nil {
		return err
	}
	bad := f.source.Report(s, sims...)
	n, err := f.differences(ctx, s, sims, names)
	switch {
	case err != nil:
		return err
	case bad != nil:
		return bad
	case n > 0:
		return exit.With(exit.Difference)
	}
	return nil
}

// differences writes where the networks differ and returns how many pairs that are.
func (f *flags) differences(ctx context.Context, s *cli.Streams, sims []*sim.Simulator, names []string) (int, error) {
	diffs, skipped := sim.Compare(sims, f.options()), 0
	if !f.all {
		diffs = reports.Settled(diffs, &skipped)
	}
	n, err := f.write(s, names, cli.Cancellable(ctx, diffs))
	if err == nil {
		err = ctx.Err()
	}
	if err == nil && skipped > 0 {
		fmt.Fprintf(s.Err, "note: left out %d pairs that differ only in which protocols other than TCP, UDP and SCTP are undetermined (--undetermined lists them)\n", skipped) //nolint:errcheck // nobody can be told
	}
	return n, err
}

// simulators compiles the sources under each network.
func (f *flags) simulators(ctx context.Context, s *cli.Streams) (sims []*sim.Simulator, names []string, err error) {
	snap, err := f.source.Snapshot(ctx, s, "netfate compare --network calico --network cilium")
	if err != nil {
		return nil, nil, err
	}
	for _, network := range f.networks {
		x, err := f.source.Compile(ctx, s, snap, network)
		if err != nil {
			return nil, nil, err
		}
		name := x.Profile().Name
		if slices.Contains(names, name) {
			return nil, nil, fmt.Errorf("network %s is given twice", name)
		}
		sims, names = append(sims, x), append(names, name)
	}
	return sims, names, nil
}

func (f *flags) options() sim.MatrixOptions {
	o := sim.MatrixOptions{ExcludeSelf: f.excludeSelf, Nodes: f.nodes}
	if f.by.String() == "pod" {
		o.By = sim.ByPod
	}
	return o
}

func (f *flags) write(s *cli.Streams, names []string, diffs reports.Differences) (int, error) {
	if f.output.String() == "json" {
		return reports.CompareJSON(s.Out, names, diffs)
	}
	return reports.CompareTable(s.Out, names, diffs, s.OutPalette())
}
