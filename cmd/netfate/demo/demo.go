// Package demo is the command "netfate demo".
package demo

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/features"
	"github.com/netfate/netfate/reports"
	"github.com/netfate/netfate/scenarios"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
)

const long = `Run the main job on an embedded shop: its specifications hold but for one that fails
on purpose, and a plan shows what its next release changes. With --dir the shop is
written to a directory, to try the commands on.`

// The parts of the embedded shop and what it is read under.
const (
	shop      = "shop"
	manifests = "shop/manifests"
	release   = "shop/changes/release.yaml"
	network   = "calico"
	podCIDR   = "10.244.0.0/16"
)

type demo struct {
	s   *cli.Streams
	p   reports.Palette
	dir string
}

// NewCommand returns the command.
func NewCommand(s *cli.Streams) *cobra.Command {
	d := &demo{s: s}
	cmd := &cobra.Command{
		Use:     "demo [flags]",
		Short:   "Show the main job on an example",
		Long:    long,
		Example: "  netfate demo\n  netfate demo --dir .",
		Args:    cli.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return d.run(cmd.Context()) },
	}
	cmd.Flags().StringVar(&d.dir, "dir", "", "write the example to `DIRECTORY` and keep it")
	return cmd
}

func (d *demo) run(ctx context.Context) error {
	d.p = d.s.OutPalette()
	dir, remove, err := d.unpack()
	if err != nil {
		return err
	}
	defer remove()
	if err := d.holding(ctx); err != nil {
		return err
	}
	if err := d.failing(ctx); err != nil {
		return err
	}
	if err := d.plan(ctx, dir); err != nil {
		return err
	}
	if d.dir == "" {
		d.say("\n\"netfate demo --dir .\" writes the shop here, so that every command above runs.\n")
	}
	return nil
}

// say writes text between the parts.
func (d *demo) say(text string) { fmt.Fprint(d.s.Out, text) } //nolint:errcheck // the parts report it

func (d *demo) title(text string) { d.say("\n" + d.p.Bold("▌ "+text) + "\n\n") }

// unpack writes the shop to a directory; remove takes it away unless it is to stay.
func (d *demo) unpack() (dir string, remove func(), err error) {
	if d.dir != "" {
		return d.dir, func() {}, os.CopyFS(d.dir, features.FS)
	}
	dir, err = os.MkdirTemp("", "netfate-demo-")
	if err != nil {
		return "", nil, err
	}
	remove = func() { os.RemoveAll(dir) } //nolint:errcheck // it is the system's to clean up then
	if err := os.CopyFS(dir, features.FS); err != nil {
		remove()
		return "", nil, err
	}
	return dir, remove, nil
}

// specifications runs the features that an expression of tags selects.
func (d *demo) specifications(ctx context.Context, tags string) (scenarios.Result, error) {
	return scenarios.Run(ctx, scenarios.Options{
		Paths: []string{shop}, FS: features.FS, Tags: tags, Output: d.s.Out, Errors: d.s.Err, Color: d.s.OutColor(),
	})
}

func (d *demo) holding(ctx context.Context) error {
	d.title("The specifications of a shop: netfate test shop/ --tags '~" + features.FailsOnPurpose + "'")
	r, err := d.specifications(ctx, "~"+features.FailsOnPurpose)
	if err != nil {
		return err
	}
	return exit.With(exit.Status(r.ExitStatus()))
}

func (d *demo) failing(ctx context.Context) error {
	d.title("One that does not hold, on purpose: netfate test shop/ --tags " + features.FailsOnPurpose)
	r, err := d.specifications(ctx, features.FailsOnPurpose)
	if err == nil && r.ExitStatus() != scenarios.ExitFailed {
		err = fmt.Errorf("the specification %s does not fail", features.FailsOnPurpose)
	}
	return err
}

// plan shows what the next release changes.
func (d *demo) plan(ctx context.Context, dir string) error {
	d.title("What the next release changes: netfate plan -f " + manifests + " --change " + release + " --network " + network + " --pod-cidr " + podCIDR)
	snap, err := sim.Load(ctx, collect.Options{Sources: []string{manifests}, Dir: dir})
	if err != nil {
		return err
	}
	change, err := sim.Load(ctx, collect.Options{Sources: []string{release}, Dir: dir})
	if err != nil {
		return err
	}
	before, err := sim.New(snap, sim.Options{Network: network, PodCIDRs: []string{podCIDR}})
	if err != nil {
		return err
	}
	after, err := before.Apply(sim.ChangeSet{Put: change.Objects})
	if err != nil {
		return err
	}
	_, err = reports.PlanText(d.s.Out, sim.Plan(before, after, sim.MatrixOptions{}), d.p)
	return err
}
