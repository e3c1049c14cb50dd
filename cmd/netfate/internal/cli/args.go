package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/netfate/netfate/sim"
)

// NeedsCluster annotates a command that makes, changes or removes real clusters.
const NeedsCluster = "netfate-needs-cluster"

// NoArgs refuses arguments and says where sources go.
func NoArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.Flags().Lookup("file") != nil {
		return fmt.Errorf("unexpected argument %q: sources are given with -f, as in \"%s -f %s\"", args[0], cmd.CommandPath(), args[0])
	}
	return fmt.Errorf("unexpected argument %q: %s takes none", args[0], cmd.CommandPath())
}

// FlagError adds the nearest flag to the error of an unknown one.
func FlagError(cmd *cobra.Command, err error) error {
	hint := fmt.Sprintf("see %q", cmd.CommandPath()+" --help")
	if name, ok := strings.CutPrefix(err.Error(), "unknown flag: --"); ok {
		var known []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
		if near := sim.Nearest(name, known, 1); len(near) > 0 {
			hint = fmt.Sprintf("did you mean --%s?", near[0])
		}
	}
	return fmt.Errorf("%w; %s", err, hint)
}
