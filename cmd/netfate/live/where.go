package live

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
)

// Where are the flags of a command that reads sources and may observe a cluster too:
// --network, --context, --kubeconfig and --values are those of the sources.
type Where struct{ target Target }

// Register adds the flags.
func (w *Where) Register(fs *pflag.FlagSet) {
	u := &w.target.up
	fs.StringVar(&u.name, "cluster", "", "`NAME` of the cluster of ours to observe (default: the one with the network)")
	fs.BoolVar(&u.lab, "lab", false, "bring the cluster up from the offline lab")
	fs.StringVar(&u.manifests, "manifests", "", "bring the cluster up from charts and manifests in `DIRECTORY`")
	fs.IntVar(&u.nodes, "nodes", defaultNodes, "nodes of a cluster that is brought up")
	fs.DurationVar(&u.timeout, "ready-timeout", defaultTimeout, "how long each part of a new cluster may take to be ready")
	fs.BoolVar(&u.keep, "keep", false, "leave a cluster that was brought up for this")
	fs.StringVar(&u.probeImage, "probe-image", "", probeImageUsage)
}

// Names are those of the flags.
func (*Where) Names() []string {
	return []string{"cluster", "lab", "manifests", "nodes", "ready-timeout", "keep", "probe-image"}
}

// Open finds or makes the cluster.
func (w *Where) Open(ctx context.Context, s *cli.Streams, network, context, kubeconfig string, values []string) (*Place, error) {
	t := w.target
	t.purpose = "test"
	t.up.network, t.up.values, t.context, t.kubeconfig = network, values, context, kubeconfig
	return t.Open(ctx, s, newSteps(s), nil, nil)
}
