// Package root puts the commands of netfate together.
package root

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/capabilities"
	"github.com/netfate/netfate/cmd/netfate/collect"
	"github.com/netfate/netfate/cmd/netfate/compare"
	"github.com/netfate/netfate/cmd/netfate/demo"
	"github.com/netfate/netfate/cmd/netfate/explain"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/cmd/netfate/live"
	"github.com/netfate/netfate/cmd/netfate/matrix"
	"github.com/netfate/netfate/cmd/netfate/plan"
	"github.com/netfate/netfate/cmd/netfate/steps"
	"github.com/netfate/netfate/cmd/netfate/test"
	"github.com/netfate/netfate/cmd/netfate/version"
)

const long = `netfate predicts from the policies alone which connections of a Kubernetes
cluster get through, and says why.

Exit status: 0 as expected, 1 wrong usage or input, 2 a difference or a failed
specification, 3 undetermined where that is not allowed.`

// NewCommand returns the command "netfate" with all that is below it.
func NewCommand(s *cli.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:           "netfate",
		Short:         "Know your traffic's fate before you apply",
		Long:          long,
		Version:       version.Version(),
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	cmd.SetIn(s.In)
	cmd.SetOut(s.Out)
	cmd.SetErr(s.Err)
	cmd.SetFlagErrorFunc(cli.FlagError)
	cmd.SetHelpFunc(func(c *cobra.Command, _ []string) { cli.Help(s.Out, c) })
	cmd.SetUsageFunc(func(c *cobra.Command) error { cli.Usage(s.Err, c); return nil })
	cmd.PersistentFlags().Var(cli.NewColor(&s.Color), "color", "colour the output")
	cmd.AddCommand(
		test.NewCommand(s),
		explain.NewCommand(s),
		matrix.NewCommand(s),
		plan.NewCommand(s),
		compare.NewCommand(s),
		collect.NewCommand(s),
		live.NewCommand(s),
		demo.NewCommand(s),
		steps.NewCommand(s),
		capabilities.NewCommand(s),
		version.NewCommand(s),
	)
	return cmd
}

// Run runs netfate with arguments and returns its exit status.
func Run(ctx context.Context, s *cli.Streams, args []string) exit.Status {
	cmd := NewCommand(s)
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(ctx)
	status := exit.Of(err)
	if status == exit.Interrupted || errors.Is(err, context.Canceled) {
		fmt.Fprintln(s.Err, "interrupted") //nolint:errcheck // nobody can be told
		return exit.Interrupted
	}
	if err != nil && err.Error() != "" {
		fmt.Fprintln(s.Err, s.ErrPalette().Red("error:"), err) //nolint:errcheck // the same
	}
	return status
}
