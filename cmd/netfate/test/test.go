// Package test is the command "netfate test".
package test

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/cmd/netfate/internal/source"
	"github.com/netfate/netfate/cmd/netfate/live"
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

// liveHelp is about real clusters; its examples are not run by the tests.
const liveHelp = `

With --live traffic judges: pods that stand for those of the manifests are made in a
cluster, with their policies, and tried. With --both the simulator judges too, and a
contradiction between the two fails. The cluster of ours that has the --network is used,
or brought up and removed again ("netfate live up --help"); --context names an existing
one. A statement that nothing of could be tried is inconclusive (3):

  netfate test features/ --both --network cilium@1.20.2
  netfate test features/ --live --context staging --probe-image registry.example/probe:1`

type flags struct {
	source            source.Flags
	where             live.Where
	live, both        bool
	observed          string
	maxPairs          int
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
		Long:    long + liveHelp,
		Example: examples,
		Args:    wantFeatures,
		RunE:    func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), s, args) },
	}
	fs := cmd.Flags()
	fs.VarP(&f.output, "output", "o", "how to write it; json is one object a step, one a line")
	fs.StringVar(&f.tags, "tags", "", "run the scenarios that `EXPRESSION` selects, such as '@shop && ~@slow'")
	fs.BoolVar(&f.allowUndetermined, "allow-undetermined", false, "undetermined answers do not fail a specification")
	fs.IntVar(&f.concurrency, "concurrency", 1, "run `N` scenarios at once")
	fs.BoolVar(&f.live, "live", false, "judge by the traffic of a real cluster instead")
	fs.BoolVar(&f.both, "both", false, "judge by both; where they contradict each other is a failure")
	f.where.Register(fs)
	fs.IntVar(&f.maxPairs, "max-pairs", 0, "pairs that one statement tries at most on a cluster (default 400)")
	fs.StringVar(&f.observed, "observations", "", "write what was observed below `DIRECTORY`, a file for each snapshot")
	f.source.Register(cmd)
	cmd.MarkFlagsMutuallyExclusive("live", "both")
	cli.Group(fs, cli.GroupLive, append(f.where.Names(), "live", "both", "max-pairs", "observations")...)
	return cmd
}

func wantFeatures(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return errors.New("give .feature files or directories of them, as in: netfate test features/")
	}
	return nil
}

func (f *flags) run(ctx context.Context, s *cli.Streams, paths []string) (err error) {
	o, err := f.options(s, paths)
	if err != nil {
		return err
	}
	if f.live || f.both {
		end, err := f.observe(ctx, s, &o)
		if err != nil {
			return err
		}
		defer func() {
			if e := end(ctx); err == nil {
				err = e
			}
		}()
	}
	result, err := scenarios.Run(ctx, o)
	if err != nil {
		return err
	}
	return exit.With(exit.Status(result.ExitStatus()))
}

func (f *flags) options(s *cli.Streams, paths []string) (scenarios.Options, error) {
	from := f.source
	if f.live || f.both { // the cluster is observed, not read
		from.Context, from.Kubeconfig = "", ""
	}
	collect, err := from.CollectOptions(s)
	if err != nil {
		return scenarios.Options{}, err
	}
	m, err := f.source.SimOptions(f.source.Network)
	return scenarios.Options{
		Paths: paths, Sources: f.source.Files, Network: f.source.Network, PodCIDRs: f.source.PodCIDRs, Lenient: f.source.Lenient,
		Mesh: m.Mesh, GatewayPods: m.GatewayPods, Tags: f.tags, Format: f.format(), Output: s.Out, Errors: s.Err, Color: s.OutColor(), Collect: collect,
		AllowUndetermined: f.allowUndetermined, Concurrency: f.concurrency,
	}, err
}

func (f *flags) format() scenarios.Format {
	if f.output.String() == "json" {
		return scenarios.JSON
	}
	return scenarios.Terminal
}
