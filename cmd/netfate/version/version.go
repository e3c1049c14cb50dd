// Package version is the command "netfate version".
package version

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
)

// unknown is the version of a build that was not made from a tagged module.
const unknown = "devel"

// Version returns the version of this build.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return unknown
	}
	return info.Main.Version
}

type versionJSON struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

// NewCommand returns the command.
func NewCommand(s *cli.Streams) *cobra.Command {
	output := cli.NewChoice("text", "json")
	cmd := &cobra.Command{
		Use:     "version [flags]",
		Short:   "Print the version",
		Example: "  netfate version\n  netfate version -o json",
		Args:    cli.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v := versionJSON{Version: Version(), Commit: commit(), Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
			if output.String() == "json" {
				return json.NewEncoder(s.Out).Encode(v)
			}
			_, err := fmt.Fprintf(s.Out, "netfate %s (%s, %s/%s)\n", v.Version, v.Go, v.OS, v.Arch)
			return err
		},
	}
	cmd.Flags().VarP(&output, "output", "o", "how to write it")
	return cmd
}

// commit returns the commit this was built from, "" when it is not known.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}
