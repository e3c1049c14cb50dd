// Package capabilities is the command "netfate capabilities".
package capabilities

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/clusters/install/all"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/reports"
	"github.com/netfate/netfate/sim/profile"
)

const long = `List every field of every kind that netfate reads, with how exactly it is carried;
the table is made from what the translators say of themselves. It also prints the
JSON Schemas of -o json and the table of where implementations differ.`

const examples = `  netfate capabilities
  netfate capabilities --kind NetworkPolicy -o markdown
  netfate capabilities --schema matrix
  netfate capabilities --divergence`

type flags struct {
	output     cli.Choice
	kind       string
	schema     string
	divergence bool
	docs       string
}

// NewCommand returns the command.
func NewCommand(s *cli.Streams) *cobra.Command {
	f := &flags{output: cli.NewChoice("table", "markdown", "json")}
	cmd := &cobra.Command{
		Use:     "capabilities [flags]",
		Short:   "List what is read, and how exactly",
		Long:    long,
		Example: examples,
		Args:    cli.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	fs := cmd.Flags()
	fs.VarP(&f.output, "output", "o", "how to write it; json is one object a line")
	fs.StringVar(&f.kind, "kind", "", "list the fields of this `KIND` only")
	fs.StringVar(&f.schema, "schema", "", "print the JSON Schema of a `COMMAND`: "+strings.Join(reports.SchemaNames(), ", "))
	fs.BoolVar(&f.divergence, "divergence", false, "print where implementations differ, as Markdown")
	fs.StringVar(&f.docs, "write-docs", "", "write capabilities.md, divergence.md and live-networks.md to `DIRECTORY`")
	cmd.MarkFlagsMutuallyExclusive("schema", "divergence", "write-docs", "kind")
	return cmd
}

func (f *flags) run(ctx context.Context, s *cli.Streams) error {
	switch {
	case f.schema != "":
		return printSchema(s.Out, f.schema)
	case f.divergence:
		_, err := io.WriteString(s.Out, profile.Markdown())
		return err
	case f.docs != "":
		return writeDocs(ctx, f.docs)
	}
	c := reports.GatherCapabilities()
	if f.kind != "" {
		var ok bool
		if c, ok = c.Only(f.kind); !ok {
			return fmt.Errorf("no kind %q is read; netfate capabilities lists all", f.kind)
		}
	}
	switch f.output.String() {
	case "json":
		return reports.CapabilitiesJSON(s.Out, c)
	case "markdown":
		return reports.CapabilitiesMarkdown(s.Out, c)
	}
	return reports.CapabilitiesTable(s.Out, c, s.OutPalette())
}

func printSchema(w io.Writer, name string) error {
	data, err := reports.Schema(name)
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

// Pages returns the generated pages of the documentation by file name.
func Pages() map[string]func(io.Writer) error {
	return map[string]func(io.Writer) error{
		"capabilities.md": func(w io.Writer) error { return reports.CapabilitiesMarkdown(w, reports.GatherCapabilities()) },
		"divergence.md": func(w io.Writer) error {
			_, err := io.WriteString(w, profile.Markdown())
			return err
		},
		"live-networks.md": func(w io.Writer) error {
			_, err := io.WriteString(w, all.Markdown())
			return err
		},
	}
}

func writeDocs(ctx context.Context, dir string) error {
	for name, write := range Pages() {
		if err := cli.WriteFile(ctx, filepath.Join(dir, name), true, write); err != nil {
			return err
		}
	}
	return nil
}
