package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// groupKey annotates a flag with the heading it stands under in the help.
const groupKey = "netfate-group"

// The headings of flags, in the order of the help.
const (
	GroupSources = "Sources"
	GroupLive    = "Real clusters"
	GroupFlags   = "Flags"
	GroupGlobal  = "Global flags"
)

// Group puts flags under a heading of the help.
func Group(fs *pflag.FlagSet, heading string, names ...string) {
	for _, n := range names {
		if f := fs.Lookup(n); f != nil {
			f.Annotations = map[string][]string{groupKey: {heading}}
		}
	}
}

// headingOf returns the heading of a command's flag.
func headingOf(cmd *cobra.Command, f *pflag.Flag) string {
	if g := f.Annotations[groupKey]; len(g) > 0 {
		return g[0]
	}
	if cmd.InheritedFlags().Lookup(f.Name) != nil || f.Name == "help" {
		return GroupGlobal
	}
	return GroupFlags
}

// Help writes the help of a command.
func Help(w io.Writer, cmd *cobra.Command) {
	text := cmd.Long
	if text == "" {
		text = cmd.Short
	}
	fmt.Fprintf(w, "%s\n\n", strings.TrimSpace(text)) //nolint:errcheck // help has nowhere to report to
	Usage(w, cmd)
}

// Usage writes how a command is used: its examples, commands and flags by heading.
func Usage(w io.Writer, cmd *cobra.Command) {
	say := func(format string, args ...any) { fmt.Fprintf(w, format, args...) } //nolint:errcheck // the same
	say("Usage:\n  %s\n", useLine(cmd))
	if cmd.HasExample() {
		say("\nExamples:\n%s\n", strings.TrimRight(cmd.Example, "\n"))
	}
	if cmd.HasAvailableSubCommands() {
		say("\nCommands:\n")
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() {
				say("  %-14s%s\n", c.Name(), c.Short)
			}
		}
	}
	groups := flagGroups(cmd)
	for _, heading := range []string{GroupFlags, GroupLive, GroupSources, GroupGlobal} {
		if fs := groups[heading]; fs != nil {
			say("\n%s:\n%s", heading, fs.FlagUsages())
		}
	}
	if cmd.HasAvailableSubCommands() {
		say("\n\"%s COMMAND --help\" tells more about a command.\n", cmd.CommandPath())
	}
}

func useLine(cmd *cobra.Command) string {
	if cmd.HasAvailableSubCommands() && !cmd.Runnable() {
		return cmd.CommandPath() + " COMMAND [flags]"
	}
	return cmd.UseLine()
}

func flagGroups(cmd *cobra.Command) map[string]*pflag.FlagSet {
	out := map[string]*pflag.FlagSet{}
	seen := []string{}
	add := func(f *pflag.Flag) {
		if f.Hidden || slices.Contains(seen, f.Name) {
			return
		}
		seen = append(seen, f.Name)
		h := headingOf(cmd, f)
		if out[h] == nil {
			out[h] = pflag.NewFlagSet(h, pflag.ContinueOnError)
			out[h].SortFlags = false
		}
		out[h].AddFlag(f)
	}
	cmd.InitDefaultHelpFlag()
	cmd.LocalFlags().SortFlags = false
	cmd.LocalFlags().VisitAll(add)
	cmd.InheritedFlags().VisitAll(add)
	return out
}
