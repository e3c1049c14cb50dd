// Package live is the command "netfate live" with what is below it.
package live

import (
	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
)

const long = `Bring up real clusters, observe their traffic, and compare it with what is predicted.`

// NewCommand returns the command with all that is below it.
func NewCommand(s *cli.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "live",
		Short: "Observe real clusters and compare",
		Long:  long,
	}
	for _, c := range []*cobra.Command{
		newUpCommand(s), newDownCommand(s), newListCommand(s), newCleanCommand(s), newApplyCommand(s), newProbeCommand(s), newAttachCommand(s),
		newMatrixCommand(s), newFuzzCommand(s), newEvidenceCommand(s),
	} {
		c.Annotations = map[string]string{cli.NeedsCluster: "yes"}
		cmd.AddCommand(c)
	}
	cmd.AddCommand(newDiffCommand(s))
	return cmd
}
