package live

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/clusters/live"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
)

const cleanLong = `Remove what "netfate live apply" made in a cluster, and what a command that was killed
left: the namespaces, pods and policies with the label netfate.dev/owner=bench-…. The
cluster itself stays ("netfate live down" removes one of ours), and so does everything
that netfate did not make. A netfate that is at work there loses its pods.

Exit status: 0 nothing of it is there any more, 1 it could not be removed.`

const cleanExamples = `  netfate live clean
  netfate live clean --name second
  netfate live clean --context staging`

func newCleanCommand(s *cli.Streams) *cobra.Command {
	var target Target
	cmd := &cobra.Command{
		Use: "clean [flags]", Short: "Remove what netfate made in a cluster", Long: cleanLong, Example: cleanExamples, Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, name, err := target.config(cmd.Context(), s)
			if err != nil {
				return err
			}
			c, err := apply.New(config)
			if err != nil {
				return err
			}
			newSteps(s).sayf("cleaning %s", name)
			gone, err := live.Clean(cmd.Context(), c)
			for _, title := range gone {
				fmt.Fprintf(s.Out, "removed %s\n", title) //nolint:errcheck // nobody can be told
			}
			if err == nil && len(gone) == 0 {
				_, err = fmt.Fprintf(s.Out, "there is nothing of netfate's in %s\n", name)
			}
			return err
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&target.up.name, "name", "", "`NAME` of the cluster (default: the only one of ours)")
	target.registerExisting(fs)
	return cmd
}
