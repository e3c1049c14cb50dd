package live

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/clusters/install"
	"github.com/netfate/netfate/clusters/install/all"
	"github.com/netfate/netfate/clusters/live"
	"github.com/netfate/netfate/clusters/probeimage"
	"github.com/netfate/netfate/clusters/provider"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
)

const upLong = `Bring up a cluster of containers (kind, on Docker, podman or nerdctl) with a network
and, if wanted, a mesh and gateways, each from its vendor's chart or manifest. What
was proven with each version is in docs/live-networks.md.

A source is pinned by its version; its digest is written into a lock file when it is
fetched first and must be the same ever after. Without internet, --manifests names a
directory with the files (the error says under which names).

The cluster is named netfate-…; nothing else on the machine is touched. After a failure
or ^C it is removed again, unless --keep is given. Its kubeconfig is printed at the
end; the one of kubectl stays as it is.

The probe agent is in no registry: netfate makes its image and puts it on the nodes when
it observes. --probe-image names another, which every later command takes for this cluster.

Exit status: 0 the cluster is ready, 1 it is not.`

const upExamples = `  netfate live up --network cilium@1.20.2
  netfate live up --network calico --mesh istio --gateway envoy-gateway --nodes 3
  netfate live up --network cilium --manifests downloads/ --values my-values.yaml
  netfate live up --network reference --lab --name second
  netfate live up --network netd --mesh istio-proxyless --lab
  netfate live up --network cilium --probe-image registry.example/netfate-probe:1`

// The defaults of a cluster that is brought up.
const (
	defaultNodes   = 2
	defaultTimeout = 5 * time.Minute
)

const probeImageUsage = "`IMAGE` of the probe agent that the nodes pull, or an archive of it, instead of netfate's own\n(a cluster remembers the one it was brought up with)"

// upFlags say what to bring up.
type upFlags struct {
	name, network, mesh string
	gateways, values    []string
	image, manifests    string
	probeImage          string
	nodes               int
	lab, keep           bool
	timeout             time.Duration
}

func newUpCommand(s *cli.Streams) *cobra.Command {
	f := &upFlags{}
	cmd := &cobra.Command{
		Use: "up --network NAME[@VERSION] [flags]", Short: "Bring up a cluster", Long: upLong, Example: upExamples, Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p := newSteps(s)
			k, err := newKind(s, p.say)
			if err != nil {
				return err
			}
			name, err := f.up(cmd.Context(), s, k, p)
			if err != nil {
				return err
			}
			path, err := kubeconfigOf(name)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(s.Out, "%s is ready. To look at it:\n\n  export KUBECONFIG=%s\n\nnetfate live down %s removes it.\n", name, path, name)
			return err
		},
	}
	f.register(cmd)
	return cmd
}

// register adds the flags.
func (f *upFlags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringVar(&f.network, "network", "", "`NAME[@VERSION]` of the network: "+known(install.Network))
	fs.StringVar(&f.mesh, "mesh", "", "`NAME[@VERSION]` of a mesh: "+known(install.Mesh))
	fs.StringArrayVar(&f.gateways, "gateway", nil, "`NAME[@VERSION]` of a gateway: "+known(install.Gateway)+"; repeatable")
	fs.StringVar(&f.name, "name", "", "`NAME` of the cluster (default: the network's)")
	fs.IntVar(&f.nodes, "nodes", defaultNodes, "how many nodes, the control plane included")
	fs.StringVar(&f.image, "image", "", "node `IMAGE` (default: kind's, or that of the lab)")
	fs.BoolVar(&f.lab, "lab", false, "take everything from the offline lab ($NETFATE_LAB, or netfate-lab in the user's cache)")
	fs.StringVar(&f.manifests, "manifests", "", "take charts and manifests from `DIRECTORY` instead of the internet")
	fs.StringArrayVar(&f.values, "values", nil, "Helm values `FILE` for the charts; repeatable")
	fs.DurationVar(&f.timeout, "timeout", defaultTimeout, "how long each part may take to be ready")
	fs.StringVar(&f.probeImage, "probe-image", "", probeImageUsage)
	fs.BoolVar(&f.keep, "keep", false, "leave the cluster after a failure")
}

func known(role install.Role) string {
	text := ""
	for i, x := range all.Of(role) {
		if i > 0 {
			text += ", "
		}
		text += x.Name()
	}
	return text
}

// up brings a cluster up and returns its name.
func (f *upFlags) up(ctx context.Context, s *cli.Streams, p provider.Provider, say *steps) (string, error) {
	plan, err := f.plan(ctx, s, say)
	if err != nil {
		return "", err
	}
	_, err = live.Up(ctx, p, plan)
	return plan.Spec.Name, err
}

// plan turns the flags into what live.Up takes.
func (f *upFlags) plan(ctx context.Context, s *cli.Streams, say *steps) (*live.Plan, error) {
	if f.network == "" {
		return nil, fmt.Errorf("say which network: --network NAME, one of %s", known(install.Network))
	}
	plan := &live.Plan{Keep: f.keep, Now: time.Now}
	var err error
	if plan.Network, err = all.Choose(install.Network, f.network); err != nil {
		return nil, err
	}
	if f.mesh != "" {
		c, err := all.Choose(install.Mesh, f.mesh)
		if err != nil {
			return nil, err
		}
		plan.Mesh = &c
	}
	for _, g := range f.gateways {
		c, err := all.Choose(install.Gateway, g)
		if err != nil {
			return nil, err
		}
		plan.Gateways = append(plan.Gateways, c)
	}
	if f.probeImage != "" {
		if plan.Probe, err = probeimage.Resolve(ctx, f.probeImage, probeimage.Places{}, ""); err != nil {
			return nil, fmt.Errorf("--probe-image: %w", err)
		}
	}
	if f.nodes < 1 || f.nodes > 20 {
		return nil, errors.New("--nodes: want 1 to 20")
	}
	if plan.Spec, err = f.spec(plan.Network.Name()); err != nil {
		return nil, err
	}
	plan.Env, err = f.env(s, say)
	if plan.Env.Lab != "" && f.image == "" {
		plan.Spec.Image = labImage
	}
	return plan, err
}

func (f *upFlags) spec(network string) (provider.Spec, error) {
	if f.name == "" {
		f.name = network
	}
	name, err := provider.Name(f.name)
	if err != nil {
		return provider.Spec{}, err
	}
	path, err := kubeconfigOf(name)
	return provider.Spec{Name: name, Image: f.image, Nodes: f.nodes, KubeconfigPath: path, Wait: f.timeout}, err
}

func (f *upFlags) env(s *cli.Streams, say *steps) (install.Env, error) {
	cache, err := cacheDir()
	if err != nil {
		return install.Env{}, err
	}
	e := install.Env{
		Fetch: &install.Fetcher{
			Manifests: f.manifests, Cache: filepath.Join(cache, "sources"), Lock: filepath.Join(cache, "sources.lock.json"),
			Note: func(text string) { say.say("note: " + text) },
		},
		Values: f.values, Timeout: f.timeout, Progress: say.say,
	}
	if f.lab {
		e.Lab, err = labDir(s)
	}
	return e, err
}
