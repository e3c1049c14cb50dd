// Package plan is the command "netfate plan".
package plan

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/cmd/netfate/internal/source"
	"github.com/netfate/netfate/reports"
	"github.com/netfate/netfate/sim"
)

const long = `Show which connections a change opens, closes and changes, before anyone applies
it, and which objects and fields cause each line.

Either compare two sources, BEFORE and AFTER, or apply a change to the sources of
-f: objects of --change are created or replaced, those of --delete are removed.

Exit status: 0 no change, 2 changes, 1 wrong usage or input.`

const examples = `  netfate plan main:deploy/ deploy/
  netfate plan -f deploy/ --change changes/egress-lockdown.yaml
  netfate plan -f deploy/ --delete NetworkPolicy/shop/default-deny
  netfate plan main:deploy/ deploy/ -o markdown`

type flags struct {
	source      source.Flags
	output, by  cli.Choice
	change      []string
	remove      []string
	excludeSelf bool
	nodes       bool
	all         bool
}

// NewCommand returns the command.
func NewCommand(s *cli.Streams) *cobra.Command {
	f := &flags{output: cli.NewChoice("text", "json", "markdown"), by: cli.NewChoice("workload", "pod")}
	cmd := &cobra.Command{
		Use:     "plan [BEFORE AFTER | -f SOURCE --change FILE | -f SOURCE --delete KIND/NS/NAME] [flags]",
		Short:   "Show which connections a change opens and closes",
		Long:    long,
		Example: examples,
		Args:    cobra.ArbitraryArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), s, args) },
	}
	fs := cmd.Flags()
	fs.StringArrayVar(&f.change, "change", nil, "apply the objects of `SOURCE`, as kubectl apply does; repeatable")
	fs.StringArrayVar(&f.remove, "delete", nil, "delete `KIND/NAMESPACE/NAME`; repeatable")
	fs.VarP(&f.output, "output", "o", "how to write it; json is one object a line")
	fs.Var(&f.by, "by", "what a line stands for")
	fs.BoolVar(&f.excludeSelf, "exclude-self", false, "leave out connections of a workload to itself")
	fs.BoolVar(&f.nodes, "nodes", false, "list nodes too")
	fs.BoolVar(&f.all, "undetermined", false, "also list pairs of which only what is undetermined of protocols other than TCP, UDP and SCTP changes")
	f.source.Register(cmd)
	return cmd
}

func (f *flags) run(ctx context.Context, s *cli.Streams, args []string) error {
	before, after, bad, err := f.sides(ctx, s, args)
	if err != nil {
		return err
	}
	count, err := f.plan(ctx, s, before, after)
	switch {
	case err != nil:
		return err
	case bad != nil:
		return bad
	case count.Any():
		return exit.With(exit.Difference)
	}
	return nil
}

// plan writes what changes and counts it.
func (f *flags) plan(ctx context.Context, s *cli.Streams, before, after *sim.Simulator) (reports.PlanCount, error) {
	lines, skipped := sim.Plan(before, after, f.options()), 0
	if !f.all {
		lines = reports.SettledPlan(lines, &skipped)
	}
	count, err := f.write(s, cli.Cancellable(ctx, lines))
	if err == nil {
		err = ctx.Err()
	}
	if err == nil && skipped > 0 {
		fmt.Fprintf(s.Err, "note: left out %d pairs of which only what is undetermined of protocols other than TCP, UDP and SCTP changes (--undetermined lists them)\n", skipped) //nolint:errcheck // nobody can be told
	}
	return count, err
}

// sides returns what to compare.
func (f *flags) sides(ctx context.Context, s *cli.Streams, args []string) (before, after *sim.Simulator, bad, err error) {
	changes := len(f.change)+len(f.remove) > 0
	switch {
	case len(args) == 2 && !changes && len(f.source.Files) == 0:
		return f.twoSources(ctx, s, args)
	case len(args) == 0 && changes:
		return f.applied(ctx, s)
	case len(args) == 0:
		return nil, nil, nil, errors.New("nothing to plan: give two sources, as in \"netfate plan main:deploy/ deploy/\", " +
			"or a change, as in \"netfate plan -f deploy/ --change new-policy.yaml\"")
	case len(args) == 2:
		return nil, nil, nil, errors.New("give either two sources, or -f with --change and --delete, not both")
	}
	return nil, nil, nil, fmt.Errorf("want two sources, BEFORE and AFTER, got %d: %q", len(args), args)
}

func (f *flags) twoSources(ctx context.Context, s *cli.Streams, args []string) (before, after *sim.Simulator, bad, err error) {
	var sims [2]*sim.Simulator
	for i, arg := range args {
		snap, err := f.source.Read(ctx, s, []string{arg})
		if err != nil {
			return nil, nil, nil, err
		}
		if sims[i], err = f.source.Compile(ctx, s, snap, f.source.Network); err != nil {
			return nil, nil, nil, err
		}
	}
	return sims[0], sims[1], f.source.Report(s, sims[:]...), nil
}

// applied returns the sources as they are and with the change applied.
func (f *flags) applied(ctx context.Context, s *cli.Streams) (before, after *sim.Simulator, bad, err error) {
	snap, err := f.source.Snapshot(ctx, s, "netfate plan")
	if err != nil {
		return nil, nil, nil, err
	}
	if before, err = f.source.Compile(ctx, s, snap, f.source.Network); err != nil {
		return nil, nil, nil, err
	}
	change, bad, err := f.changeSet(ctx, s)
	if err != nil {
		return nil, nil, nil, err
	}
	if after, err = before.Apply(change); err != nil {
		return nil, nil, nil, err
	}
	if b := f.source.Report(s, before, after); b != nil {
		bad = b
	}
	return before, after, bad, nil
}

func (f *flags) options() sim.MatrixOptions {
	o := sim.MatrixOptions{ExcludeSelf: f.excludeSelf, Nodes: f.nodes}
	if f.by.String() == "pod" {
		o.By = sim.ByPod
	}
	return o
}

func (f *flags) write(s *cli.Streams, lines reports.PlanLines) (reports.PlanCount, error) {
	switch f.output.String() {
	case "json":
		return reports.PlanJSON(s.Out, lines)
	case "markdown":
		return reports.PlanMarkdown(s.Out, lines)
	}
	return reports.PlanText(s.Out, lines, s.OutPalette())
}
