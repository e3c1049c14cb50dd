package live

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/live"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/provider"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/cmd/netfate/internal/source"
	"github.com/netfate/netfate/reports"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

const matrixLong = `Run one snapshot on several networks, one after the other, and show where what they do
differs, beside where their profiles say that it should. Clusters of ours that have the
networks are used, the first of each by name; one that is brought up for this is removed
before the next. --clusters names the clusters instead: two may have the same network.

Exit status: 0 the networks do the same, 2 they differ, 1 it could not be run.`

const matrixExamples = `  netfate live matrix --networks cilium,reference -f deploy/ --lab
  netfate live matrix --networks cilium@1.20.2,calico@3.32.0 -f deploy/ --out observed/
  netfate live matrix --networks cilium,reference -f deploy/ --lab -o json
  netfate live matrix --clusters cilium,second -f deploy/`

type matrixFlags struct {
	target   Target
	output   cli.Choice
	files    source.Flags
	networks []string
	clusters []string
	out      string
	limit    int
	all      bool
}

func newMatrixCommand(s *cli.Streams) *cobra.Command {
	f := &matrixFlags{output: cli.NewChoice("text", "json")}
	cmd := &cobra.Command{
		Use: "matrix {--networks|--clusters} NAME,NAME... -f SOURCE [flags]", Short: "Observe several networks, and compare them", Long: matrixLong, Example: matrixExamples, Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	fs := cmd.Flags()
	fs.VarP(&f.output, "output", "o", "how to write it; json is one object a flow, one a line, of all flows")
	fs.StringSliceVar(&f.networks, "networks", nil, "`NAMES` of the networks, each perhaps with @VERSION")
	fs.StringSliceVar(&f.clusters, "clusters", nil, "`NAMES` of clusters of ours, instead of networks")
	fs.StringVar(&f.out, "out", "", "write the observations below `DIRECTORY`, a file for each network or cluster")
	fs.IntVar(&f.limit, "max", 5000, "try at most so many connections")
	fs.BoolVar(&f.all, "all", false, "list flows on which they agree too")
	sourceFlags(cmd, &f.files)
	f.target.purpose = "matrix"
	f.target.Register(cmd)
	for _, name := range []string{"network", "name", "context", "kubeconfig"} {
		fs.Lookup(name).Hidden = true
	}
	return cmd
}

func (f *matrixFlags) run(ctx context.Context, s *cli.Streams) error {
	names, err := f.names()
	if err != nil {
		return err
	}
	if err := f.there(ctx, s); err != nil {
		return err
	}
	snap, err := f.files.Snapshot(ctx, s, "netfate live matrix --networks cilium,calico")
	if err != nil {
		return err
	}
	flows, all, err := live.Flows(snap, sim.DefaultNetwork, f.limit)
	if err != nil {
		return err
	}
	if f.out != "" { // before minutes of work
		if err := os.MkdirAll(f.out, 0o755); err != nil { //nolint:gosec // as any new directory
			return err
		}
	}
	say := newSteps(s)
	say.sayf("%d of %d connections", len(flows), all)
	var engines []diff.Engine
	var of []string
	for _, name := range names {
		e, cluster, err := f.one(ctx, s, say, name, snap, flows)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		engines, of = append(engines, *e), append(of, cluster)
	}
	tellApart(engines, of)
	list := diff.Across(engines)
	if err := f.write(s, engines, list); err != nil {
		return err
	}
	for i := range list {
		if list[i].Differs {
			return exit.With(exit.Difference)
		}
	}
	return nil
}

func (f *matrixFlags) write(s *cli.Streams, engines []diff.Engine, list []diff.Crossing) error {
	if f.output.String() == "json" {
		return reports.LiveMatrixJSON(s.Out, engines, list)
	}
	return reports.LiveMatrix(s.Out, engines, list, f.all, s.OutPalette())
}

// names are those of the networks, or of the clusters. The error says what is wrong with them.
func (f *matrixFlags) names() ([]string, error) {
	names, flag := f.networks, "--networks"
	if len(f.clusters) > 0 {
		names, flag = f.clusters, "--clusters"
	}
	if len(f.networks) > 0 && len(f.clusters) > 0 {
		return nil, errors.New("give either --networks or --clusters")
	}
	if len(names) < 2 {
		return nil, errors.New("give at least two networks or clusters, as in: netfate live matrix --networks cilium,calico -f deploy/")
	}
	seen := map[string]bool{}
	for _, n := range names {
		key := n
		if len(f.clusters) > 0 {
			var err error
			if key, err = provider.Name(n); err != nil {
				return nil, fmt.Errorf("--clusters: %w", err)
			}
		}
		if seen[key] {
			return nil, fmt.Errorf("%s names %s twice", flag, n)
		}
		seen[key] = true
	}
	return names, nil
}

// there says which of the clusters is not there, before the first is observed for minutes.
func (f *matrixFlags) there(ctx context.Context, s *cli.Streams) error {
	if len(f.clusters) == 0 {
		return nil
	}
	k, err := newKind(s, nil)
	if err != nil {
		return err
	}
	have, err := k.List(ctx)
	if err != nil {
		return err
	}
	_, err = chooseClusters(f.clusters, have, false)
	return err
}

// tellApart adds the cluster's name to engines that have the same.
func tellApart(engines []diff.Engine, clusters []string) {
	count := map[string]int{}
	for i := range engines {
		count[engines[i].Name]++
	}
	for i := range engines {
		if count[engines[i].Name] > 1 {
			engines[i].Name += " (" + clusters[i] + ")"
		}
	}
}

// one observes on one network or cluster, and returns the cluster's name too.
func (f *matrixFlags) one(ctx context.Context, s *cli.Streams, say *steps, name string, snap *model.Snapshot, flows []observation.Flow) (e *diff.Engine, cluster string, err error) {
	t := f.target
	t.up.network, t.up.name = name, ""
	if len(f.clusters) > 0 {
		t.up.network, t.up.name = "", name
	}
	p, err := t.Open(ctx, s, say, nil, nil)
	if err != nil {
		return nil, "", err
	}
	defer func() {
		if e := p.Close(ctx); err == nil {
			err = e
		}
	}()
	h, records, err := p.Bench.Observe(ctx, snap, flows)
	if err != nil {
		return nil, "", err
	}
	if f.out != "" {
		file := filepath.Join(f.out, strings.ReplaceAll(name, "@", "-")+".jsonl")
		if err := save(ctx, file, true, h, records); err != nil {
			return nil, "", err
		}
	}
	adapted, err := diff.Adapt(snap, records)
	if err != nil {
		return nil, "", err
	}
	x, err := compileFor(ctx, s, f.files, h, adapted, records, p.Profile)
	if err != nil {
		return nil, "", err
	}
	return &diff.Engine{Name: diff.EngineName(h), Result: diff.Compare(x, h, records)}, p.Name, nil
}
