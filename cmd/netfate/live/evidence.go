package live

import (
	"context"
	"errors"
	"fmt"
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
)

const evidenceLong = `Show cases to a cluster and record what it does. CASES are txtar files, or directories
of them: golden cases of the simulator (their questions are asked, their answers not
looked at) or files of manifests with a list of flows. What was observed is written as
recorded cases below --dir, in a directory of the network and its version, with date and
versions; "go test ./clusters/replay" then asks the profile for the same.

Exit status: 0 the profile predicts all that was observed, 2 it does not, 1 it could
not be run.`

const evidenceExamples = `  netfate live evidence sim/testdata/divergence clusters/evidence/testdata --network cilium
  netfate live evidence sim/testdata/divergence/N16.txtar --network reference --lab --dir seen/`

type evidenceFlags struct {
	target Target
	dir    string
	only   []string
}

func newEvidenceCommand(s *cli.Streams) *cobra.Command {
	f := &evidenceFlags{}
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
		n, err := f.tell(ctx, s, r, filepath.Join(dir, c.Name+".txtar"))
		if err != nil {
			return err
		}
		wrong += n
	}
	if wrong > 0 {
		return exit.With(exit.Difference)
	}
	return nil
}

// tell writes the recorded case and says in a line each what it shows. It returns how
// many flows the profile predicts otherwise.
func (f *evidenceFlags) tell(ctx context.Context, s *cli.Streams, r *evidence.Result, file string) (int, error) {
	out := func(format string, args ...any) {
		fmt.Fprintf(s.Out, "%-16s "+format+"\n", append([]any{r.Case.Name}, args...)...) //nolint:errcheck // nobody can be told
	}
	for _, text := range slices.Concat(r.Dead, r.Unsteady) {
		out("inconclusive: %s", text)
	}
	switch {
	case r.Refused != "":
		out("refused: %s", r.Refused)
		return 0, nil
	case r.Recorded == nil:
		out("nothing to record")
		return 0, nil
	}
	keep := func() error {
		return os.WriteFile(file, []byte(r.Recorded.Format()), 0o644) //nolint:gosec // as any new file
	}
	if err := keep(); err != nil {
		return 0, err
	}
	if r.Recorded.Run.ObservedOnly != "" {
		for _, flow := range r.Recorded.Flows {
			out("%s = %s (observed only)", diff.Text(flow.Flow), flow.Outcome)
		}
		return 0, nil
	}
	rows, err := r.Recorded.Replay(ctx)
	if err != nil {
		return 0, err
	}
	wrong := 0
	for i := range rows {
		row := &rows[i]
		note := ""
		if row.Class == diff.Disagree || row.Class == diff.Resolved {
			note = fmt.Sprintf("  %s: predicted %s by %s", row.Class, row.Predicted, row.Rule)
		}
		switch row.Class {
		case diff.Disagree:
			wrong++
		case diff.Resolved:
			r.Recorded.Run.Resolves = row.Rule
		}
		out("%s = %s%s", diff.Text(row.Record.Flow), row.Seen, note)
	}
	return wrong, keep()
}
