// Package live is the command "netfate live" with what is below it.
package live

import (
	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
)

const long = `Compare predictions with what real clusters do.`

// NewCommand returns the command with all that is below it.
func NewCommand(s *cli.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "live",
		Short: "Observe real clusters and compare",
		Long:  long,
	}
	cmd.AddCommand(newDiffCommand(s))
	return cmd
}
