package live

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/clusters/live"
	"github.com/netfate/netfate/clusters/provider"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/reports"
)

const listLong = `List the clusters that "netfate live up" made, with what they say of themselves.`

const listExamples = `  netfate live list
  netfate live list -o json`

func newListCommand(s *cli.Streams) *cobra.Command {
	output := cli.NewChoice("text", "json")
	cmd := &cobra.Command{
		Use: "list [flags]", Short: "List clusters", Long: listLong, Example: listExamples, Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			k, err := newKind(s, nil)
			if err != nil {
				return err
			}
			list, err := clustersOf(cmd.Context(), k)
			if err != nil {
				return err
			}
			if output.String() == "json" {
				return reports.LiveClustersJSON(s.Out, list)
			}
			return reports.LiveClusters(s.Out, list, s.OutPalette())
		},
	}
	cmd.Flags().VarP(&output, "output", "o", "how to write it; json is one object a line")
	return cmd
}

// clustersOf asks every cluster of ours what it is; one that does not answer says so.
func clustersOf(ctx context.Context, p provider.Provider) ([]reports.LiveCluster, error) {
	names, err := p.List(ctx)
	if err != nil {
		return nil, err
	}
	var out []reports.LiveCluster
	for _, n := range names {
		c := reports.LiveCluster{Name: n, State: "ready"}
		state, ok, err := stateOf(ctx, p, n)
		switch {
		case err != nil:
			c.State = "does not answer"
		case !ok:
			c.State = "half made"
		default:
			c.Facts, c.Created = state.Facts, state.Created
		}
		out = append(out, c)
	}
	return out, ctx.Err()
}

// answering is how long a cluster may take to say what it is.
const answering = 10 * time.Second

func stateOf(ctx context.Context, p provider.Provider, name string) (live.State, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, answering)
	defer cancel()
	config, err := p.Config(ctx, name)
	if err != nil {
		return live.State{}, false, err
	}
	c, err := apply.New(config)
	if err != nil {
		return live.State{}, false, err
	}
	return live.ReadState(ctx, c)
}
