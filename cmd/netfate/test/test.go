// Package test is the command "netfate test".
package test

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/cmd/netfate/internal/source"
	"github.com/netfate/netfate/scenarios"
)

const long = `Run specifications written in Gherkin against the simulated cluster. "netfate steps"
lists what a specification can say. Manifests that a feature names are relative to
its file; -f gives those of features that name none.

Exit status: 0 all hold, 1 wrong usage or input, 2 a specification fails or checks
nothing, 3 the only failures are undetermined.`

const examples = `  netfate test features/
  netfate test features/payments.feature --network calico
  netfate test features/ --tags '@shop && ~@slow'
  netfate test features/ -f deploy/ -o json`

type flags struct {
	source            source.Flags
	output            cli.Choice
	tags              string
	allowUndetermined bool
	concurrency       int
}

// NewCommand returns the command.
func NewCommand(s *cli.Streams) *cobra.Command {
	f := &flags{output: cli.NewChoice("text", "json")}
	cmd := &cobra.Command{
		Use:     "test FEATURE... [flags]",
		Short:   "Run specifications",
		Long:    long,
		Example: examples,
		Args:    wantFeatures,
		RunE:    func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), s, args) },
	}
	fs := cmd.Flags()
	fs.VarP(&f.output, "output", "o", "how to write it; json is one object a step, one a line")
	fs.StringVar(&f.tags, "tags", "", "run the scenarios that `EXPRESSION` selects, such as '@shop && ~@slow'")
	fs.BoolVar(&f.allowUndetermined, "allow-undetermined", false, "undetermined answers do not fail a specification")
	fs.IntVar(&f.concurrency, "concurrency", 1, "run `N` scenarios at once")
	f.source.Register(cmd)
	return cmd
}

func wantFeatures(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return errors.New("give .feature files or directories of them, as in: netfate test features/")
	}
	return nil
}

func (f *flags) run(ctx context.Context, s *cli.Streams, paths []string) error {
	collect, err := f.source.CollectOptions(s)
	if err != nil {
		return err
	}
	o, err := f.source.SimOptions(f.source.Network)
	if err != nil {
		return err
	}
	result, err := scenarios.Run(ctx, scenarios.Options{
		Paths: paths, Sources: f.source.Files, Network: f.source.Network, PodCIDRs: f.source.PodCIDRs, Lenient: f.source.Lenient,
		Mesh: o.Mesh, GatewayPods: o.GatewayPods, Tags: f.tags, Format: f.format(), Output: s.Out, Errors: s.Err, Color: s.OutColor(), Collect: collect,
		AllowUndetermined: f.allowUndetermined, Concurrency: f.concurrency,
	})
	if err != nil {
		return err
	}
	return exit.With(exit.Status(result.ExitStatus()))
}

func (f *flags) format() scenarios.Format {
	if f.output.String() == "json" {
		return scenarios.JSON
	}
	return scenarios.Terminal
}
