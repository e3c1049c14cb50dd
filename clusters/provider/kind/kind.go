package kind

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/kind/pkg/apis/config/v1alpha4"
	"sigs.k8s.io/kind/pkg/cluster"
	"sigs.k8s.io/kind/pkg/cluster/nodeutils"

	"github.com/netfate/netfate/clusters/provider"
)

// Provider makes clusters with kind.
type Provider struct {
	p *cluster.Provider
}

// New finds what runs containers on this machine. progress, if not nil, is told
// what kind is at. The error says what to install or start.
func New(getenv func(string) string, progress func(string)) (*Provider, error) {
	runtime, err := runtimeOf(getenv("KIND_EXPERIMENTAL_PROVIDER"))
	if err != nil {
		return nil, err
	}
	return &Provider{p: cluster.NewProvider(runtime, cluster.ProviderWithLogger(logger{progress}))}, nil
}

// runtimeOf returns the runtime of a name, or the one that is there.
func runtimeOf(name string) (cluster.ProviderOption, error) {
	switch name {
	case "":
		o, err := cluster.DetectNodeProvider()
		if err != nil {
			return nil, errors.New("nothing here runs containers: install Docker, podman or nerdctl and start it, or give an existing cluster with --context")
		}
		return o, nil
	case "docker":
		return cluster.ProviderWithDocker(), nil
	case "podman":
		return cluster.ProviderWithPodman(), nil
	case "nerdctl", "finch", "nerdctl.lima":
		return cluster.ProviderWithNerdctl(name), nil
	}
	return nil, fmt.Errorf("$KIND_EXPERIMENTAL_PROVIDER is %q: want docker, podman or nerdctl", name)
}

// Name returns "kind".
func (*Provider) Name() string { return "kind" }

// config is what kind is asked for.
func config(s *provider.Spec) *v1alpha4.Cluster {
	c := &v1alpha4.Cluster{Name: s.Name}
	v1alpha4.SetDefaultsCluster(c)
	c.Networking.DisableDefaultCNI = s.NoCNI
	if s.NoKubeProxy {
		c.Networking.KubeProxyMode = v1alpha4.ProxyMode("none")
	}
	if s.PodSubnet != "" {
		c.Networking.PodSubnet = s.PodSubnet
	}
	for len(c.Nodes) < s.Nodes {
		n := v1alpha4.Node{Role: v1alpha4.WorkerRole}
		v1alpha4.SetDefaultsNode(&n)
		c.Nodes = append(c.Nodes, n)
	}
	return c
}

// Create makes a cluster. kind cannot be interrupted: when ctx is done, Create
// waits a little for it and leaves what there is for Delete.
func (k *Provider) Create(ctx context.Context, s provider.Spec) error {
	if !provider.Ours(s.Name) {
		return fmt.Errorf("%q is not a name of ours: want %s…", s.Name, provider.Prefix)
	}
	names, err := k.List(ctx)
	if err != nil {
		return err
	}
	if slices.Contains(names, s.Name) {
		return fmt.Errorf("cluster %s exists: netfate live down %s removes it, and --name makes another", s.Name, s.Name)
	}
	options := []cluster.CreateOption{
		cluster.CreateWithV1Alpha4Config(config(&s)), cluster.CreateWithRetain(true), cluster.CreateWithKubeconfigPath(s.KubeconfigPath),
		cluster.CreateWithDisplayUsage(false), cluster.CreateWithDisplaySalutation(false),
	}
	if s.Image != "" {
		options = append(options, cluster.CreateWithNodeImage(s.Image))
	}
	if s.Wait > 0 && !s.NoCNI {
		options = append(options, cluster.CreateWithWaitForReady(s.Wait))
	}
	return words("creating "+s.Name, within(ctx, func() error { return k.p.Create(s.Name, options...) }))
}

// interrupted is how long an interrupted piece of kind's work may go on.
const interrupted = 5 * time.Second

// within runs what cannot be interrupted, and gives it up some time after ctx is done.
func within(ctx context.Context, work func() error) error {
	done := make(chan error, 1)
	go func() { done <- work() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case <-done: //nolint:errcheck // it was interrupted, which says more
	case <-time.After(interrupted):
	}
	return ctx.Err()
}

// Delete removes a cluster of ours.
func (k *Provider) Delete(ctx context.Context, name, kubeconfig string) error {
	if !provider.Ours(name) {
		return fmt.Errorf("cluster %q stays: %w", name, provider.ErrCannot)
	}
	err := words("removing "+name, within(ctx, func() error { return k.p.Delete(name, kubeconfig) }))
	if err == nil && kubeconfig != "" {
		if e := os.Remove(kubeconfig); e != nil && !errors.Is(e, os.ErrNotExist) {
			return e
		}
	}
	return err
}

// List returns the clusters of ours.
func (k *Provider) List(ctx context.Context) ([]string, error) {
	var all []string
	err := within(ctx, func() (err error) { all, err = k.p.List(); return err })
	if err != nil {
		return nil, words("listing clusters", err)
	}
	all = slices.DeleteFunc(all, func(n string) bool { return !provider.Ours(n) })
	slices.Sort(all)
	return all, nil
}

// Config returns how to reach a cluster of ours.
func (k *Provider) Config(ctx context.Context, name string) (*rest.Config, error) {
	names, err := k.List(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(names, name) {
		have := "there is none of ours; netfate live up makes one"
		if len(names) > 0 {
			have = "there are " + strings.Join(names, ", ")
		}
		return nil, fmt.Errorf("%w: %s (%s)", provider.ErrNone, name, have)
	}
	text, err := k.p.KubeConfig(name, false)
	if err != nil {
		return nil, words("reading the kubeconfig of "+name, err)
	}
	return clientcmd.RESTConfigFromKubeConfig([]byte(text))
}

// LoadImages imports archives into every node, one node after the other.
func (k *Provider) LoadImages(ctx context.Context, name string, archives []string) error {
	if !provider.Ours(name) {
		return fmt.Errorf("cluster %q is left alone: %w", name, provider.ErrCannot)
	}
	nodes, err := k.p.ListInternalNodes(name)
	if err != nil {
		return words("listing the nodes of "+name, err)
	}
	for _, archive := range archives {
		for _, n := range nodes {
			if err := ctx.Err(); err != nil {
				return err
			}
			f, err := os.Open(archive)
			if err != nil {
				return fmt.Errorf("cannot load an image: %w", err)
			}
			err = nodeutils.LoadImageArchive(n, f)
			f.Close() //nolint:errcheck,gosec // only read
			if err != nil {
				return words(fmt.Sprintf("loading %s on %s", archive, n), err)
			}
		}
	}
	return nil
}
