package live

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/clusters/campaign"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/reports"
)

const fuzzLong = `Look for disagreements between netfate and a cluster at random: pods and Services are
made, then round after round policies are generated, predicted, applied and probed. A
flow that contradicts its prediction is tried again until that is certain, and made
small: a feature that fails today, its manifests, and a case for the recorded
observations are written to --dir.

The cluster of ours that has the network is used; one is brought up if there is none.
The seed gives the same rounds again.

Exit status: 0 all predictions that could be judged were right, 2 one was not, 1 it
could not be run.`

const fuzzExamples = `  netfate live fuzz --network cilium --minutes 10 --seed 7
  netfate live fuzz --network reference --lab --rounds 20 -o json
  netfate live fuzz --name cilium --minutes 30 --dir found/`

type fuzzFlags struct {
	target  Target
	output  cli.Choice
	minutes float64
	rounds  int
	seed    uint64
	flows   int
	dir     string
}

func newFuzzCommand(s *cli.Streams) *cobra.Command {
	f := &fuzzFlags{output: cli.NewChoice("text", "json")}
	cmd := &cobra.Command{
		Use: "fuzz [flags]", Short: "Look for disagreements at random", Long: fuzzLong, Example: fuzzExamples, Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	fs := cmd.Flags()
	fs.VarP(&f.output, "output", "o", "how to write it; json is one object")
	fs.Float64Var(&f.minutes, "minutes", 0, "begin no round after so many minutes (default 10 without --rounds)")
	fs.IntVar(&f.rounds, "rounds", 0, "how many rounds")
	fs.Uint64Var(&f.seed, "seed", 1, "what is generated")
	fs.IntVar(&f.flows, "flows", 150, "flows a round")
	fs.StringVar(&f.dir, "dir", "", "write disagreements to `DIRECTORY` (default: live-fuzz, if there are any)")
	f.target.purpose = "fuzz"
	f.target.Register(cmd)
	return cmd
}

func (f *fuzzFlags) run(ctx context.Context, s *cli.Streams) (err error) {
	say := newSteps(s)
	tcp, udp := campaign.Ports()
	p, err := f.target.Open(ctx, s, say, tcp, udp)
	if err != nil {
		return err
	}
	defer func() {
		if e := p.Close(ctx); err == nil {
			err = e
		}
	}()
	if f.minutes <= 0 && f.rounds <= 0 {
		f.minutes = 10
	}
	rep, err := campaign.Run(ctx, p.Bench, campaign.Options{
		Network: p.Profile, Seed: f.seed, Rounds: f.rounds, Flows: f.flows, Time: time.Duration(f.minutes * float64(time.Minute)),
		Progress: func(r *campaign.Report) {
			say.sayf("round %d: %d flows, agreement %.3f %%, %d disagreements", r.Rounds, r.Flows, 100*r.Agreement(), len(r.Mismatches))
		},
	})
	if rep == nil {
		return err
	}
	if e := f.write(s, rep); err == nil {
		err = e
	}
	if err == nil && len(rep.Mismatches) > 0 {
		err = exit.With(exit.Difference)
	}
	return err
}

func (f *fuzzFlags) write(s *cli.Streams, rep *campaign.Report) error {
	for i := range rep.Mismatches {
		if err := f.keep(s, rep, i); err != nil {
			return err
		}
	}
	if f.output.String() == "json" {
		return reports.LiveFuzzJSON(s.Out, rep)
	}
	return reports.LiveFuzz(s.Out, rep, s.OutPalette())
}

// keep writes a disagreement that was made small: its feature, manifests and case.
func (f *fuzzFlags) keep(s *cli.Streams, rep *campaign.Report, i int) error {
	m := &rep.Mismatches[i]
	if m.Small == nil {
		return nil
	}
	if f.dir == "" {
		f.dir = "live-fuzz"
	}
	if err := os.MkdirAll(f.dir, 0o755); err != nil { //nolint:gosec // as any new directory
		return err
	}
	name := fmt.Sprintf("%s-seed%d-round%d-%d", rep.Header.Cluster.Network, rep.Seed, m.Round, i)
	files, err := m.Small.Files(rep.Header, name)
	if err != nil {
		return err
	}
	for file, text := range files {
		path := filepath.Join(f.dir, file)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil { //nolint:gosec // as any new file
			return err
		}
		fmt.Fprintln(s.Err, "wrote", path) //nolint:errcheck // nobody can be told
	}
	return nil
}
