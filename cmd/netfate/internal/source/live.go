package source

import (
	"context"
	"fmt"

	"github.com/netfate/netfate/clusters"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/sim/model"
)

// liveSnapshot reads the live cluster of the flags.
func (f *Flags) liveSnapshot(ctx context.Context, s *cli.Streams) (*model.Snapshot, error) {
	if len(f.Files) > 0 || len(f.Remote) > 0 {
		return nil, fmt.Errorf("give either -f or a live cluster, not both: collect the cluster first, as in \"netfate collect --context %s -o cluster.tar.gz\"", f.Context)
	}
	p := cli.NewProgress(s)
	defer p.Stop()
	p.Say("connecting")
	return clusters.Collect(ctx, clusters.Options{
		Kubeconfig: f.Kubeconfig,
		Context:    f.Context,
		Progress: func(at clusters.Progress) {
			p.Say("reading: %d of %d kinds, %d objects", at.Done, at.Kinds, at.Objects)
		},
		Note: func(text string) { fmt.Fprintln(s.Err, "note:", text) }, //nolint:errcheck // nobody can be told
	})
}
