package source

import (
	"context"
	"fmt"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

// noSource says what to type when nothing was given to read.
func noSource(command string) error {
	return fmt.Errorf(`nothing to read: say what with -f, for example

  %[1]s -f deploy/                        a directory, recursively
  kubectl get ns,po,svc,netpol,deploy,sts,ds -A -o yaml | %[1]s -f -
  %[1]s -f main:deploy/                   a directory at a git ref
  %[1]s --context kind-kind               a live cluster`, command)
}

// Snapshot reads the sources.
func (f *Flags) Snapshot(ctx context.Context, s *cli.Streams, command string) (*model.Snapshot, error) {
	if !f.given() {
		return nil, noSource(command)
	}
	if f.live() {
		return f.liveSnapshot(ctx, s)
	}
	return f.Read(ctx, s, f.Files)
}

// Read reads the given sources instead of those of -f.
func (f *Flags) Read(ctx context.Context, s *cli.Streams, files []string) (*model.Snapshot, error) {
	o, err := f.collectOptions(s, files)
	if err != nil {
		return nil, err
	}
	p := cli.NewProgress(s)
	defer p.Stop()
	p.Say("looking for manifests")
	o.Progress = func(at collect.Progress) {
		p.Say("reading: %d of %d files, %d objects", at.Done, at.Files, at.Objects)
	}
	return sim.Load(ctx, o)
}

// Simulator reads the sources, reports what is wrong with them, and compiles
// them under the network of the flags. bad is the error to end with after the
// results, nil if the input is sound.
func (f *Flags) Simulator(ctx context.Context, s *cli.Streams, command string) (out *sim.Simulator, bad, err error) {
	snap, err := f.Snapshot(ctx, s, command)
	if err != nil {
		return nil, nil, err
	}
	out, err = f.Compile(ctx, s, snap, f.Network)
	if err != nil {
		return nil, nil, err
	}
	return out, f.Report(s, out), nil
}

// Compile makes a simulator of a snapshot under a network.
func (f *Flags) Compile(ctx context.Context, s *cli.Streams, snap *model.Snapshot, network string) (*sim.Simulator, error) {
	p := cli.NewProgress(s)
	defer p.Stop()
	p.Say("compiling %d objects", len(snap.Objects))
	o, err := f.SimOptions(network)
	if err != nil {
		return nil, err
	}
	out, err := sim.New(snap, o)
	if err == nil {
		err = ctx.Err()
	}
	return out, err
}
