package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/evidence"
	"github.com/netfate/netfate/clusters/live"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/reports"
	"github.com/netfate/netfate/sim/model"
)

const evidenceLong = `Show cases to a cluster and record what it does. CASES are txtar files, or directories
of them: golden cases of the simulator (their questions are asked, their answers not
looked at), files of manifests with a list of flows, or cases that were recorded before,
perhaps on another network. What was observed is written as
recorded cases below --dir, in a directory of the network and its version, with date and
versions; "go test ./clusters/replay" then asks the profile for the same.

Exit status: 0 the profile predicts all that was observed, 2 it does not, 1 it could
not be run.`

const evidenceExamples = `  netfate live evidence sim/testdata/divergence clusters/evidence/testdata --network cilium
  netfate live evidence sim/testdata/divergence/N16.txtar --network reference --lab --dir seen/
  netfate live evidence sim/testdata/divergence --name second --only N1,N16 -o json`

type evidenceFlags struct {
	target Target
	output cli.Choice
	dir    string
	only   []string
}

func newEvidenceCommand(s *cli.Streams) *cobra.Command {
	f := &evidenceFlags{output: cli.NewChoice("text", "json")}
	cmd := &cobra.Command{
		Use: "evidence CASES... [flags]", Short: "Record what a cluster does with known cases", Long: evidenceLong, Example: evidenceExamples,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("give cases, as in: netfate live evidence sim/testdata/divergence --network cilium")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), s, args) },
	}
	cmd.Flags().VarP(&f.output, "output", "o", "how to write it; json is one object a case, one a line")
	cmd.Flags().StringVar(&f.dir, "dir", "observed", "write recorded cases below `DIRECTORY`")
	cmd.Flags().StringSliceVar(&f.only, "only", nil, "run the cases of these `NAMES` only")
	f.target.purpose = "evidence"
	f.target.Register(cmd)
	return cmd
}

// cases reads the files.
func (f *evidenceFlags) cases(args []string, note func(string)) ([]*evidence.Case, error) {
	var files []string
	for _, a := range args {
		info, err := os.Stat(a)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, a)
			continue
		}
		list, err := filepath.Glob(filepath.Join(a, "*.txtar"))
		if err != nil {
			return nil, err
		}
		files = append(files, list...)
	}
	var out []*evidence.Case
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if base := strings.TrimSuffix(filepath.Base(name), ".txtar"); len(f.only) > 0 && !slices.Contains(f.only, base) {
			continue
		}
		c, err := evidence.Parse(name, data)
		if err != nil {
			note("left out: " + err.Error())
			continue
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, errors.New("none of the cases can be shown to a cluster")
	}
	return out, nil
}

func (f *evidenceFlags) run(ctx context.Context, s *cli.Streams, args []string) (err error) {
	say := newSteps(s)
	cases, err := f.cases(args, say.say)
	if err != nil {
		return err
	}
	tcp, udp := evidence.Ports(cases)
	p, err := f.target.Open(ctx, s, say, tcp, udp)
	if err != nil {
		return err
	}
	defer func() {
		if e := p.Close(ctx); err == nil {
			err = e
		}
	}()
	dir := filepath.Join(f.dir, strings.TrimSuffix(p.State.Network+"-"+p.State.NetworkVersion, "-"))
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // as any new directory
		return err
	}
	wrong := 0
	for _, c := range cases {
		say.sayf("%s: %d flows", c.Name, len(c.Flows))
		r, err := evidence.Run(ctx, p.Bench, c, evidence.Options{Profile: p.Profile, AgentPort: live.AgentPort(f.target.purpose)})
		if err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		e := &reports.LiveEvidence{Engine: diff.EngineName(p.Bench.Header()), Profile: p.Profile, Result: r}
		if err := keep(ctx, e, filepath.Join(dir, c.Name+".txtar")); err != nil {
			return err
		}
		wrong += e.Wrong()
		write := map[string]func(io.Writer) error{"text": e.Write, "json": e.WriteJSON}[f.output.String()]
		if err := write(s.Out); err != nil {
			return err
		}
	}
	if wrong > 0 {
		return exit.With(exit.Difference)
	}
	return nil
}

// keep writes the recorded case, where there is something to record, and predicts its flows.
func keep(ctx context.Context, e *reports.LiveEvidence, file string) error {
	c := e.Result.Recorded
	if e.Result.Refused != "" || c == nil {
		return nil
	}
	e.File = file
	write := func() error {
		return os.WriteFile(file, []byte(c.Format()), 0o644) //nolint:gosec // as any new file
	}
	if err := write(); err != nil || c.Run.ObservedOnly != "" {
		return err
	}
	var err error
	if e.Rows, err = c.Replay(ctx); err != nil {
		return err
	}
	for i := range e.Rows {
		if row := &e.Rows[i]; row.Predicted == model.Undetermined {
			c.Run.Why, c.Flows[i].Predicted = row.Rule, row.Predicted
		}
	}
	return write()
}
