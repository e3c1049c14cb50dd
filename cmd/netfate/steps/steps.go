// Package steps is the command "netfate steps".
package steps

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/reports"
	"github.com/netfate/netfate/scenarios"
)

const long = `List the steps that specifications are written in, each with what it means and
examples. With words, list the steps that have all of them.`

const examples = `  netfate steps
  netfate steps can reach
  netfate steps -o json`

// NewCommand returns the command.
func NewCommand(s *cli.Streams) *cobra.Command {
	output := cli.NewChoice("text", "json", "markdown")
	cmd := &cobra.Command{
		Use:     "steps [WORD...] [flags]",
		Short:   "List the steps of specifications",
		Long:    long,
		Example: examples,
		Args:    cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, words []string) error {
			list := catalogue(words)
			if len(list) == 0 {
				return fmt.Errorf("no step has the words %q; netfate steps lists all", strings.Join(words, " "))
			}
			switch output.String() {
			case "json":
				return reports.StepsJSON(s.Out, list)
			case "markdown":
				return reports.StepsMarkdown(s.Out, list)
			}
			return reports.StepsText(s.Out, list, s.OutPalette())
		},
	}
	cmd.Flags().VarP(&output, "output", "o", "how to write it; json is one object a line")
	return cmd
}

// catalogue returns the steps that have all the words.
func catalogue(words []string) []reports.Step {
	var out []reports.Step
	for _, s := range scenarios.Catalogue() {
		text := strings.ToLower(s.Keyword + " " + s.Pattern + " " + s.Explanation)
		all := true
		for _, w := range words {
			all = all && strings.Contains(text, strings.ToLower(w))
		}
		if all {
			out = append(out, reports.Step(s))
		}
	}
	return out
}
