package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-logr/logr"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/klog/v2"

	"github.com/netfate/netfate/clusters"
	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/clusters/live"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/probeimage"
	"github.com/netfate/netfate/clusters/provider"
	"github.com/netfate/netfate/clusters/provider/kubeconfig"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/version"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/profile"
)

// Target are the flags that say which cluster is observed.
type Target struct {
	up         upFlags
	context    string
	kubeconfig string
	profile    string
	purpose    string // tells what is observed at the same time in one cluster apart
}

// Register adds the flags to a command. Those that it has already are left as they are.
func (t *Target) Register(cmd *cobra.Command) {
	t.up.register(cmd)
	fs := cmd.Flags()
	t.registerExisting(fs)
	fs.StringVar(&t.profile, "profile", "", "`PROFILE` that predicts (default: that of the network)")
	fs.Lookup("keep").Usage = "leave a cluster that was brought up for this"
}

// registerExisting adds the flags of a cluster that netfate did not make.
func (t *Target) registerExisting(fs *pflag.FlagSet) {
	fs.StringVar(&t.context, "context", "", "take the existing cluster of this kubeconfig `CONTEXT`")
	fs.StringVar(&t.kubeconfig, "kubeconfig", "", "kubeconfig `FILE` of the existing cluster")
}

// config returns how to reach a cluster that is there, and its name.
func (t *Target) config(ctx context.Context, s *cli.Streams) (*provider.Config, string, error) {
	klog.SetLogger(logr.Discard()) // client-go logs what the caller is told as an error
	if t.context != "" || t.kubeconfig != "" {
		config, err := (&kubeconfig.Provider{File: t.kubeconfig}).Config(ctx, t.context)
		return config, cmp.Or(t.context, t.kubeconfig), err
	}
	k, err := newKind(s, nil)
	if err != nil {
		return nil, "", err
	}
	name, err := theCluster(ctx, k, t.up.name)
	if err != nil {
		return nil, "", err
	}
	config, err := k.Config(ctx, name)
	return config, name, err
}

// Place is a cluster that can be observed.
type Place struct {
	Name    string
	State   live.State
	Profile string // that predicts
	Bench   *live.Bench
	config  *provider.Config
	say     func(format string, args ...any)
	close   []func(context.Context) error
}

// How long removing what was made in a cluster may take; after an interruption the
// process ends by itself a little later.
const (
	closing     = 3 * time.Minute
	interrupted = 80 * time.Second
)

// Close removes what was made in the cluster, and the cluster if it was brought up for
// this. What stays is said with how to remove it, whatever becomes of the error.
func (p *Place) Close(ctx context.Context) error {
	if len(p.close) == 0 {
		return nil
	}
	limit, again := closing, ""
	if ctx.Err() != nil {
		limit, again = interrupted, "; interrupted again it stays, and netfate live clean removes it"
	}
	p.say("removing what was made in %s%s", p.Name, again)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	var err error
	for _, f := range slices.Backward(p.close) {
		err = errors.Join(err, f(ctx))
	}
	if err != nil {
		p.say("something stays in %s: %v; netfate live clean removes it", p.Name, err)
	}
	return err
}

// Open finds the cluster, or brings one up, and prepares it. tcp and udp are ports
// that every pod serves beside those that it declares.
func (t *Target) Open(ctx context.Context, s *cli.Streams, say *steps, tcp, udp []uint16) (*Place, error) {
	klog.SetLogger(logr.Discard()) // client-go logs what the caller is told as an error
	p, images, err := t.find(ctx, s, say)
	if err != nil {
		return nil, err
	}
	bench, err := t.bench(ctx, p, images, say, tcp, udp)
	if err != nil {
		return nil, errors.Join(err, p.Close(ctx))
	}
	p.Bench = bench
	p.close = append(p.close, bench.Close)
	return p, nil
}

// loader puts an image archive on the nodes of a cluster.
type loader func(ctx context.Context, archives []string) error

func (t *Target) find(ctx context.Context, s *cli.Streams, say *steps) (*Place, loader, error) {
	if t.context != "" || t.kubeconfig != "" {
		p, err := t.existing(ctx, say)
		return p, nil, err
	}
	k, err := newKind(s, say.say)
	if err != nil {
		return nil, nil, err
	}
	name, made, err := t.ours(ctx, s, k, say)
	if err != nil {
		return nil, nil, err
	}
	p := &Place{Name: name, say: say.sayf}
	if made && !t.up.keep {
		path, err := kubeconfigOf(name)
		if err != nil {
			return nil, nil, err
		}
		p.close = append(p.close, func(ctx context.Context) error {
			say.sayf("removing %s", name)
			return k.Delete(ctx, name, path)
		})
	}
	if p.config, err = k.Config(ctx, name); err != nil {
		return nil, nil, err
	}
	c, err := apply.New(p.config)
	if err != nil {
		return nil, nil, err
	}
	state, ok, err := live.ReadState(ctx, c)
	if err == nil && !ok {
		err = fmt.Errorf("cluster %s is half made: netfate live down %s removes it", name, name)
	}
	p.State = state
	return p, func(ctx context.Context, archives []string) error { return k.LoadImages(ctx, name, archives) }, err
}

// ours returns the cluster of ours that is meant; it is brought up where there is
// none of the network, and made says so.
func (t *Target) ours(ctx context.Context, s *cli.Streams, k provider.Provider, say *steps) (name string, made bool, err error) {
	if t.up.name != "" || t.up.network == "" {
		name, err = theCluster(ctx, k, t.up.name)
		if err != nil {
			return "", false, err
		}
		names, err := k.List(ctx)
		if err != nil || slices.Contains(names, name) {
			return name, false, err
		}
		if t.up.network == "" {
			return "", false, fmt.Errorf("there is no cluster %s: there are %v; --network brings one up", name, names)
		}
	} else {
		have, err := clustersOf(ctx, k)
		if err != nil {
			return "", false, err
		}
		network, version, _ := strings.Cut(t.up.network, "@")
		for _, c := range have {
			if c.State == "ready" && c.Facts.Network == network && (version == "" || c.Facts.NetworkVersion == strings.TrimPrefix(version, "v")) {
				return c.Name, false, nil
			}
		}
	}
	name, err = t.up.up(ctx, s, k, say)
	return name, true, err
}

// existing is the cluster of a kubeconfig, with what can be seen of its network.
func (t *Target) existing(ctx context.Context, say *steps) (*Place, error) {
	k := &kubeconfig.Provider{File: t.kubeconfig}
	config, err := k.Config(ctx, t.context)
	if err != nil {
		return nil, err
	}
	say.say("reading the cluster")
	snap, err := clusters.Collect(ctx, clusters.Options{Kubeconfig: t.kubeconfig, Context: t.context})
	if err != nil {
		return nil, err
	}
	c, err := apply.New(config)
	if err != nil {
		return nil, err
	}
	p := &Place{Name: cmp.Or(t.context, t.kubeconfig), config: config, say: say.sayf}
	f := &p.State.Facts
	f.Network, f.NetworkVersion, f.Provider = snap.Facts.Network, snap.Facts.Version, k.Name()
	p.State.Profile = snap.Facts.Network
	if f.Kubernetes, err = c.ServerVersion(); err != nil {
		return nil, err
	}
	x, err := sim.New(snap, sim.Options{Network: sim.DefaultNetwork})
	if err != nil {
		return nil, err
	}
	if x.Model().Mesh == nil {
		f.Mesh = sim.NoMesh // a snapshot that has one meets none here
	}
	if t.up.network != "" {
		f.Network, f.NetworkVersion, _ = strings.Cut(t.up.network, "@")
		if _, err := profile.Parse(t.up.network); err == nil {
			p.State.Profile = t.up.network
		}
	}
	if f.Network == "" {
		return nil, fmt.Errorf("cannot tell which network the cluster has (%s): name it with --network", snap.Facts.Origin)
	}
	return p, nil
}

// bench loads the agent's image and prepares the cluster.
func (t *Target) bench(ctx context.Context, p *Place, load loader, say *steps, tcp, udp []uint16) (*live.Bench, error) {
	p.Profile = p.State.Profile
	if t.profile != "" {
		p.Profile = t.profile
	}
	if p.Profile == "" {
		return nil, fmt.Errorf("netfate has no profile of %s: name one with --profile", p.State.Network)
	}
	prof, err := profile.Parse(p.Profile)
	if err != nil {
		return nil, err
	}
	cache, err := cacheDir()
	if err != nil {
		return nil, err
	}
	img := probeimage.Image{Ref: p.State.ProbeImage}
	if t.up.probeImage != "" || img.Ref == "" {
		if img, err = probeimage.Resolve(ctx, t.up.probeImage, probeimage.Default(), cache); err != nil {
			return nil, err
		}
	}
	if img.Archive != "" {
		if load == nil {
			return nil, errors.New("the nodes of an existing cluster cannot be given an image: push the probe agent's to a registry that they pull from, and name it with --probe-image")
		}
		say.say("loading the probe agent's image on the nodes")
		if err := load(ctx, []string{img.Archive}); err != nil {
			return nil, err
		}
	}
	facts := p.State.Facts
	if facts.Mesh == "istio-proxyless" { // the agent does not speak xDS
		say.say("note: netfate's pods are no gRPC programs of the mesh: what they do is observed, and predicted, without it")
		facts.Mesh, facts.MeshVersion = "", ""
	}
	say.sayf("preparing %s", p.Name)
	return live.NewBench(ctx, p.config, live.BenchOptions{
		Name: t.purpose, Image: img.Ref, TCP: tcp, UDP: udp, ClusterPolicies: prof.APIs[profile.ClusterNetworkPolicy], Network: p.Profile,
		Header:   observation.Header{Tool: "netfate " + version.Version(), Started: time.Now().UTC(), Cluster: facts},
		Progress: say.say,
	})
}
