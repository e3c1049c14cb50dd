package live

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/clusters/provider"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
)

const downLong = `Remove clusters that "netfate live up" made, whole or half made. A cluster of another
name than netfate-… is never touched.

Exit status: 0 they are gone, 1 one of them is not, or there was none of that name.`

const downExamples = `  netfate live down
  netfate live down cilium second
  netfate live down --all`

func newDownCommand(s *cli.Streams) *cobra.Command {
	everything := false
	cmd := &cobra.Command{
		Use: "down [NAME...] [flags]", Short: "Remove clusters", Long: downLong, Example: downExamples,
		RunE: func(cmd *cobra.Command, args []string) error {
			say := newSteps(s)
			k, err := newKind(s, nil)
			if err != nil {
				return err
			}
			have, err := k.List(cmd.Context())
			if err != nil {
				return err
			}
			names, err := chooseClusters(args, have, everything)
			if err != nil {
				return err
			}
			for _, n := range names {
				path, err := kubeconfigOf(n)
				if err != nil {
					return err
				}
				say.sayf("removing %s", n)
				if err := k.Delete(cmd.Context(), n, path); err != nil {
					return err
				}
				if _, err := fmt.Fprintf(s.Out, "%s is gone\n", n); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&everything, "all", false, "remove every cluster of ours")
	return cmd
}

// chooseClusters returns the full names of the clusters that are meant.
func chooseClusters(args, have []string, everything bool) ([]string, error) {
	switch {
	case everything && len(args) > 0:
		return nil, errors.New("give either names or --all")
	case everything:
		return have, nil
	case len(args) == 0 && len(have) == 1:
		return have, nil
	case len(args) == 0 && len(have) == 0:
		return nil, errors.New("there is no cluster of ours")
	case len(args) == 0:
		return nil, fmt.Errorf("say which: there are %v; --all removes them all", have)
	}
	var out []string
	for _, a := range args {
		n, err := provider.Name(a)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(have, n) {
			return nil, fmt.Errorf("there is no cluster %s: there are %v", n, have)
		}
		out = append(out, n)
	}
	return out, nil
}
