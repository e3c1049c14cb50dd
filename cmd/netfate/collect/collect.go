// Package collect is the command "netfate collect".
package collect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/source"
	"github.com/netfate/netfate/cmd/netfate/version"
	"github.com/netfate/netfate/sim/collect"
)

const long = `Save what the sources hold as a snapshot: an archive that every command reads with
-f. It keeps what traffic depends on and where it was written; values of environment
variables, annotations of kubectl, Secrets and ConfigMaps are left out.`

const examples = `  netfate collect -f deploy/ -o snapshot.tar.gz
  netfate matrix -f snapshot.tar.gz`

type flags struct {
	source source.Flags
	output string
	force  bool
}

// NewCommand returns the command.
func NewCommand(s *cli.Streams) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:     "collect -f SOURCE -o FILE [flags]",
		Short:   "Save a snapshot that every command reads",
		Long:    long,
		Example: examples,
		Args:    cli.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	fs := cmd.Flags()
	fs.StringVarP(&f.output, "output", "o", "", "write the snapshot to `FILE`, such as snapshot.tar.gz")
	fs.BoolVar(&f.force, "force", false, "replace the file if it exists")
	f.source.Register(cmd)
	return cmd
}

func (f *flags) run(ctx context.Context, s *cli.Streams) error {
	if f.output == "" {
		return errors.New("say where to write the snapshot, as in -o snapshot.tar.gz")
	}
	snap, err := f.source.Snapshot(ctx, s, "netfate collect -o snapshot.tar.gz")
	if err != nil {
		return err
	}
	bad := f.source.ReportSnapshot(s, snap)
	meta := collect.Meta{Created: time.Now().UTC().Truncate(time.Second), Tool: "netfate " + version.Version(), Sources: f.source.Titles()}
	save := func(w io.Writer) error { return collect.Save(w, snap, meta) }
	if err := cli.WriteFile(ctx, f.output, f.force, save); err != nil {
		return err
	}
	fmt.Fprintf(s.Err, "wrote %s: %d objects\n", f.output, len(snap.Objects)) //nolint:errcheck // nobody can be told
	return bad
}
