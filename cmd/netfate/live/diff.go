package live

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/cmd/netfate/internal/source"
	"github.com/netfate/netfate/reports"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

const diffLong = `Compare what was observed with what is predicted, without a cluster: OBSERVATIONS are
files that "netfate live probe" or "netfate test --live" wrote, -f names the manifests
or the snapshot that were observed. Each flow is shown with the rule that decides the
prediction. What the manifests leave undetermined and the cluster answers is shown as
resolved; what the cluster did not answer is inconclusive. Neither is an error.

The network is that of the observations, unless --network names another profile.

Exit status: 0 they agree, 2 a prediction and an observation contradict each other,
1 wrong usage or input, such as observations of another snapshot.`

const diffExamples = `  netfate live diff observed.jsonl -f deploy/
  netfate live diff observed.jsonl -f deploy/ --all
  netfate live diff observed.jsonl -f deploy/ --network calico -o junit`

type diffFlags struct {
	source source.Flags
	output cli.Choice
	all    bool
	force  bool
}

// newDiffCommand returns "live diff".
func newDiffCommand(s *cli.Streams) *cobra.Command {
	f := &diffFlags{output: cli.NewChoice("text", "json", "markdown", "junit")}
	cmd := &cobra.Command{
		Use:     "diff OBSERVATIONS... -f SOURCE [flags]",
		Short:   "Compare observations with predictions",
		Long:    diffLong,
		Example: diffExamples,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("give files of observations, as in: netfate live diff observed.jsonl -f deploy/")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), s, args) },
	}
	fs := cmd.Flags()
	fs.VarP(&f.output, "output", "o", "how to write it; json is one object a flow, one a line")
	fs.BoolVar(&f.all, "all", false, "list flows that are as predicted too, and inconclusive ones")
	fs.BoolVar(&f.force, "force", false, "compare also where the observations are of another snapshot")
	f.source.Register(cmd)
	return cmd
}

// run compares each file of observations; the worst of them is the exit status.
func (f *diffFlags) run(ctx context.Context, s *cli.Streams, files []string) error {
	snap, err := f.source.Snapshot(ctx, s, "netfate live diff observed.jsonl")
	if err != nil {
		return err
	}
	digest, err := diff.Digest(snap)
	if err != nil {
		return err
	}
	wrong, asked := 0, 0
	var bad error
	for i, file := range files {
		h, records, err := readObservations(file)
		if err != nil {
			return err
		}
		if err := diff.CheckDigest(h, digest); err != nil && !f.force {
			return fmt.Errorf("%s: %w", file, err)
		}
		network, err := f.network(file, h)
		if err != nil {
			return err
		}
		adapted, err := diff.Adapt(snap, records)
		if err != nil {
			return err
		}
		x, err := compileFor(ctx, s, f.source, h, adapted, records, network)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if i == 0 {
			bad = f.source.Report(s, x)
		}
		r := diff.Compare(x, h, records)
		wrong += len(r.Of(diff.Disagree))
		asked += len(r.Rows) - len(r.Of(diff.Unasked))
		if err := f.write(s, r); err != nil {
			return err
		}
	}
	switch {
	case bad != nil:
		return bad
	case asked == 0:
		return errors.New("nothing was compared: the observations hold no flow that the sources know")
	case wrong > 0:
		return exit.With(exit.Difference)
	}
	return nil
}

// network is the profile that predicts: the one asked for, else that of the observations.
func (f *diffFlags) network(file string, h observation.Header) (string, error) {
	if f.source.Network != "" {
		return f.source.Network, nil
	}
	if p := diff.Profile(h); p != "" {
		return p, nil
	}
	return "", fmt.Errorf("%s does not say which network was observed: name the profile with --network", file)
}

func (f *diffFlags) write(s *cli.Streams, r *diff.Result) error {
	switch f.output.String() {
	case "json":
		return reports.LiveDiffJSON(s.Out, r)
	case "markdown":
		return reports.LiveDiffMarkdown(s.Out, r)
	case "junit":
		return reports.LiveDiffJUnit(s.Out, r)
	}
	return reports.LiveDiff(s.Out, r, f.all, s.OutPalette())
}

// readObservations reads one file. The error names it.
func readObservations(file string) (observation.Header, []observation.Record, error) {
	in, err := os.Open(file)
	if err != nil {
		return observation.Header{}, nil, err
	}
	h, records, err := observation.Read(in)
	if e := in.Close(); err == nil {
		err = e
	}
	if err != nil {
		return h, nil, fmt.Errorf("%s: %w", file, err)
	}
	return h, records, nil
}

// compileFor makes the simulator that predicts for a cluster: without a mesh where it
// has none and none is asked for, with the addresses that pods were seen to have.
func compileFor(ctx context.Context, s *cli.Streams, f source.Flags, h observation.Header, snap *model.Snapshot, records []observation.Record, network string) (*sim.Simulator, error) {
	if f.Mesh == "" {
		f.Mesh = diff.Mesh(h)
	}
	f.PodIPs = diff.PodIPs(records)
	return f.Compile(ctx, s, snap, network)
}
