package live

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/live"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/cmd/netfate/internal/source"
	"github.com/netfate/netfate/sim/model"
)

const probeLong = `Make pods that stand for those of a snapshot (same namespaces, labels, ports, service
accounts), try the connections between them without its policies, under them and without
them again, and compare with what is predicted. A flow that fails without policies is
inconclusive, not denied.

All pairs are tried on the ports that receivers declare and on one that they do not, and
every Service; --max bounds it, evenly. --out keeps what was observed for
"netfate live diff". The pods are removed at the end.

The cluster of ours that has the network is used; one is brought up if there is none.
--context observes in an existing cluster: namespaces of the names that the snapshot has
must not be there.

Exit status: 0 as predicted, 2 a prediction and an observation contradict each other, 1
it could not be run.`

const probeExamples = `  netfate live probe -f deploy/ --network cilium@1.20.2
  netfate live probe -f deploy/ --network reference --lab --out observed.jsonl -o markdown
  netfate live probe -f deploy/ --context staging --probe-image registry.example/netfate-probe:1`

type probeFlags struct {
	target Target
	files  source.Flags
	output cli.Choice
	out    string
	limit  int
	all    bool
	force  bool
}

func newProbeCommand(s *cli.Streams) *cobra.Command {
	f := &probeFlags{output: cli.NewChoice("text", "json", "markdown", "junit")}
	cmd := &cobra.Command{
		Use: "probe -f SOURCE [flags]", Short: "Observe a snapshot's traffic, and compare", Long: probeLong, Example: probeExamples, Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	fs := cmd.Flags()
	fs.VarP(&f.output, "output", "o", "how to write it; json is one object a flow, one a line")
	fs.StringVar(&f.out, "out", "", "write the observations to `FILE`")
	fs.IntVar(&f.limit, "max", 5000, "try at most so many connections")
	fs.BoolVar(&f.all, "all", false, "list flows that are as predicted too, and inconclusive ones")
	fs.BoolVar(&f.force, "force", false, "replace the file of observations")
	sourceFlags(cmd, &f.files)
	f.target.purpose = "probe"
	f.target.Register(cmd)
	return cmd
}

// sourceFlags adds the flags of manifests alone: the others mean the cluster here.
func sourceFlags(cmd *cobra.Command, f *source.Flags) {
	fs := cmd.Flags()
	fs.StringArrayVarP(&f.Files, "file", "f", nil, "read `SOURCE`: directory, file, glob, archive, kustomization, chart, snapshot, \"-\",\nor any of these at a git ref as REF:PATH; repeatable")
	fs.StringArrayVar(&f.Set, "set", nil, "Helm `KEY=VALUE` for charts of -f; repeatable")
	cli.Group(fs, cli.GroupSources, "file", "set")
}

func (f *probeFlags) run(ctx context.Context, s *cli.Streams) (err error) {
	snap, err := f.files.Snapshot(ctx, s, "netfate live probe")
	if err != nil {
		return err
	}
	say := newSteps(s)
	p, err := f.target.Open(ctx, s, say, nil, nil)
	if err != nil {
		return err
	}
	defer func() {
		if e := p.Close(ctx); err == nil {
			err = e
		}
	}()
	h, records, err := observe(ctx, p, snap, f.limit, say)
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := save(ctx, f.out, f.force, h, records); err != nil {
			return err
		}
		say.sayf("wrote %s", f.out)
	}
	return f.compare(ctx, s, p.Profile, snap, h, records)
}

// observe tries the connections of a snapshot.
func observe(ctx context.Context, p *Place, snap *model.Snapshot, limit int, say *steps) (observation.Header, []observation.Record, error) {
	flows, all, err := live.Flows(snap, p.Profile, limit)
	if err != nil {
		return observation.Header{}, nil, err
	}
	if len(flows) == 0 {
		return observation.Header{}, nil, fmt.Errorf("there is nothing to try: the sources have no pods and no workloads")
	}
	say.sayf("%d of %d connections", len(flows), all)
	return p.Bench.Observe(ctx, snap, flows)
}

func (f *probeFlags) compare(ctx context.Context, s *cli.Streams, network string, snap *model.Snapshot, h observation.Header, records []observation.Record) error {
	adapted, err := diff.Adapt(snap, records)
	if err != nil {
		return err
	}
	x, err := compileFor(ctx, s, f.files, h, adapted, records, network)
	if err != nil {
		return err
	}
	bad := f.files.Report(s, x)
	return conclude(s, f.output, f.all, diff.Compare(x, h, records), bad)
}

// save writes observations to a file, if one is named.
func save(ctx context.Context, file string, force bool, h observation.Header, records []observation.Record) error {
	if file == "" {
		return nil
	}
	return cli.WriteFile(ctx, file, force, func(w io.Writer) error { return observation.Write(w, h, records) })
}

// conclude writes a comparison, and is the error to end with: that of the input, or
// that there are contradictions.
func conclude(s *cli.Streams, output cli.Choice, all bool, r *diff.Result, bad error) error {
	if err := (&diffFlags{output: output, all: all}).write(s, r); err != nil {
		return err
	}
	if bad == nil && len(r.Of(diff.Disagree)) > 0 {
		return exit.With(exit.Difference)
	}
	return bad
}
