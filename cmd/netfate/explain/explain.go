// Package explain is the command "netfate explain".
package explain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/cmd/netfate/internal/source"
	"github.com/netfate/netfate/reports"
	"github.com/netfate/netfate/sim/model"
)

const long = `Explain what becomes of a connection from A to B: the verdict and what the client
sees, every hop, the rule that decides at each enforcement point with its file and
line, all that blocks it, and the nearest rules that would allow it.

A and B are namespace/pod, namespace/workload, service:namespace/name, node:name,
host:name or an address. PORT is 80, "TCP 80", 80/udp, icmp or a protocol's number.
A workload stands for all its pods: each different verdict is reported.

In place of B and PORT a URL asks about a request, with its method before it: the
routes, sidecars and policies of layer 7 on its way are then traced too.`

const examples = `  netfate explain -f deploy/ shop/cart shop/payments 8080
  netfate explain -f deploy/ shop/cart service:shop/payments 80 --expect allowed
  netfate explain -f deploy/ shop/cart 203.0.113.7 443/tcp --network cilium
  netfate explain -f deploy/ shop/cart POST http://payments.shop/charge --header "x-env: canary"
  netfate explain -f mesh/ billing/cart http://ledger.billing/entries --principal cluster.local/ns/billing/sa/audit
  netfate explain -f deploy/ shop/frontend shop/payments TCP 8080 -o json`

type flags struct {
	source  source.Flags
	output  cli.Choice
	expect  cli.Choice
	family  cli.Choice
	headers []string
	claims  []string
	as      string
}

// NewCommand returns the command.
func NewCommand(s *cli.Streams) *cobra.Command {
	f := &flags{
		output: cli.NewChoice("text", "json"),
		expect: cli.NewChoice("any", "allowed", "denied", "undetermined"),
		family: cli.NewChoice("both", "ipv4", "ipv6"),
	}
	cmd := &cobra.Command{
		Use:     "explain -f SOURCE A B PORT [flags]",
		Short:   "Trace one connection and say what decides it",
		Long:    long,
		Example: examples,
		Args:    wantArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), s, args) },
	}
	fs := cmd.Flags()
	fs.VarP(&f.output, "output", "o", "how to write it; json is one object for each different verdict")
	fs.Var(&f.expect, "expect", "exit with status 2 unless this is the verdict")
	fs.Var(&f.family, "family", "the address family to ask for")
	fs.StringArrayVar(&f.headers, "header", nil, `a header of the request, as "name: value"; may be given several times`)
	fs.StringArrayVar(&f.claims, "claim", nil, "a claim of the request's validated token, as name=value,value; iss and sub name who it is")
	fs.StringVar(&f.as, "principal", "", "the identity that the client's proxy shows in mutual TLS in place of its own, such as cluster.local/ns/shop/sa/cart; for a URL")
	f.source.Register(cmd)
	return cmd
}

func wantArgs(_ *cobra.Command, args []string) error {
	if len(args) > 1 && isCall(args) {
		return nil
	}
	switch len(args) {
	case 3, 4:
		return nil
	case 2:
		return errors.New(`give a port after the two ends, such as 8080, "UDP 53" or icmp`)
	}
	return errors.New("want two ends and a port: netfate explain -f deploy/ shop/cart shop/payments 8080")
}

func (f *flags) run(ctx context.Context, s *cli.Streams, args []string) error {
	if isCall(args) {
		return f.runCall(ctx, s, args)
	}
	if len(f.headers)+len(f.claims) > 0 || f.as != "" {
		return errors.New("--header, --claim and --principal are of a request: give a URL, such as netfate explain -f deploy/ shop/cart GET http://payments.shop/status")
	}
	on := strings.Join(args[2:], " ")
	port, err := parsePort(on)
	if err != nil {
		return err
	}
	f.source.Single = true
	x, bad, err := f.source.Simulator(ctx, s, "netfate explain")
	if err != nil {
		return err
	}
	from, err := x.Resolve(args[0])
	if err != nil {
		return err
	}
	to, err := x.Resolve(args[1])
	if err != nil {
		return err
	}
	flow := port.flow(f.family.String(), x.Model(), from, to)
	e := &reports.Explanation{
		From: from, To: to, On: port.text, Network: x.Profile().Name,
		Verdicts:  x.Explain(from, to, flow),
		Reproduce: f.reproduce(args[0], args[1], port.text),
	}
	if len(e.Verdicts) == 0 {
		return fmt.Errorf("%s and %s are one pod: nothing passes between them", from.Text, to.Text)
	}
	if err := f.write(s, e); err != nil {
		return err
	}
	if bad != nil {
		return bad
	}
	return exit.With(f.status(e))
}

// reproduce returns the command that asks the same.
func (f *flags) reproduce(from, to, on string) string {
	args := append([]string{"netfate", "explain"}, f.source.Args()...)
	if f.family.String() != "both" {
		args = append(args, "--family", f.family.String())
	}
	return cli.Quote(append(args, from, to, on)...)
}

func (f *flags) write(s *cli.Streams, e *reports.Explanation) error {
	if f.output.String() == "json" {
		return reports.ExplainJSON(s.Out, e)
	}
	return reports.ExplainText(s.Out, e, fileLines(), s.OutPalette())
}

// status is 3 for an undetermined verdict unless one is expected, and 2 for a
// verdict other than the expected.
func (f *flags) status(e *reports.Explanation) exit.Status {
	status := exit.OK
	for i := range e.Verdicts {
		got := e.Verdicts[i].Verdict.Outcome
		switch {
		case f.expect.String() == got.String():
		case got == model.Undetermined:
			status = max(status, exit.Undetermined)
		case f.expect.String() != "any":
			return exit.Difference
		}
	}
	return status
}

// maxFile is the largest file whose lines are shown.
const maxFile = 16 << 20

// fileLines returns a reader of files' lines that reads each file once.
func fileLines() reports.FileLines {
	cache := map[string][]string{}
	return func(name string) []string {
		lines, ok := cache[name]
		if !ok {
			info, err := os.Stat(name)
			if err == nil && info.Mode().IsRegular() && info.Size() <= maxFile {
				if data, err := os.ReadFile(name); err == nil { //nolint:gosec // a file the user named as a source
					lines = strings.Split(string(data), "\n")
				}
			}
			cache[name] = lines
		}
		return lines
	}
}
