// Package matrix is the command "netfate matrix".
package matrix

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/source"
	"github.com/netfate/netfate/reports"
	"github.com/netfate/netfate/sim"
)

const long = `List every connection that gets through: for each pair of workloads exactly the
protocols and ports, and for addresses outside the cluster exact ranges. Pairs
with no connection are left out.`

const examples = `  netfate matrix -f deploy/
  netfate matrix -f deploy/ --network calico -o json
  netfate matrix -f main:deploy/ --by pod -o csv
  netfate matrix -f deploy/ --exclude-self -o dot`

type flags struct {
	source       source.Flags
	output, by   cli.Choice
	excludeSelf  bool
	nodes        bool
	undetermined bool
}

// NewCommand returns the command.
func NewCommand(s *cli.Streams) *cobra.Command {
	f := &flags{
		output: cli.NewChoice("table", "json", "csv", "dot"),
		by:     cli.NewChoice("workload", "pod", "class"),
	}
	cmd := &cobra.Command{
		Use:     "matrix -f SOURCE [flags]",
		Short:   "List all connections that get through",
		Long:    long,
		Example: examples,
		Args:    cli.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	fs := cmd.Flags()
	fs.VarP(&f.output, "output", "o", "how to write it; json is one object a line")
	fs.Var(&f.by, "by", "what a line stands for; class is pods that no rule tells apart")
	fs.BoolVar(&f.excludeSelf, "exclude-self", false, "leave out connections of a workload to itself")
	fs.BoolVar(&f.nodes, "nodes", false, "list nodes too")
	fs.BoolVar(&f.undetermined, "undetermined", false, "also list pairs of which all is undetermined")
	f.source.Register(cmd)
	return cmd
}

func (f *flags) run(ctx context.Context, s *cli.Streams) error {
	x, bad, err := f.source.Simulator(ctx, s, "netfate matrix")
	if err != nil {
		return err
	}
	var skipped int
	lines := cli.Cancellable(ctx, x.Matrix(f.options(), &skipped))
	if err := f.write(s, lines); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if skipped > 0 {
		fmt.Fprintf(s.Err, "note: left out %d pairs of which nothing passes for certain and something may (--undetermined lists them)\n", skipped) //nolint:errcheck // nobody can be told
	}
	return bad
}

func (f *flags) options() sim.MatrixOptions {
	o := sim.MatrixOptions{ExcludeSelf: f.excludeSelf, Nodes: f.nodes, Undetermined: f.undetermined}
	switch f.by.String() {
	case "pod":
		o.By = sim.ByPod
	case "class":
		o.By = sim.ByClass
	}
	return o
}

func (f *flags) write(s *cli.Streams, lines reports.MatrixLines) error {
	classes := f.by.String() == "class"
	switch f.output.String() {
	case "json":
		return reports.MatrixJSON(s.Out, lines, classes)
	case "csv":
		return reports.MatrixCSV(s.Out, lines)
	case "dot":
		return reports.MatrixDOT(s.Out, lines, classes)
	}
	return reports.MatrixTable(s.Out, lines, classes, s.OutPalette())
}
