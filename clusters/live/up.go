package live

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/clusters/install"
	"github.com/netfate/netfate/clusters/install/all"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/probeimage"
	"github.com/netfate/netfate/clusters/provider"
)

// Plan says what to bring up.
type Plan struct {
	Spec     provider.Spec // what the installers need is added
	Network  install.Choice
	Mesh     *install.Choice
	Gateways []install.Choice
	Env      install.Env // without Client, Cluster, Kube and Load
	// Probe is the image of the probe agent that the cluster is to remember; none where it is zero.
	Probe probeimage.Image
	Keep  bool // leave what there is after a failure
	Now   func() time.Time
}

// tidying is how long removing a half-made cluster may take.
const tidying = 60 * time.Second

// Up creates a cluster and installs everything in it. After a failure or an
// interruption the cluster is removed, unless Keep is set; where that fails too the
// error says what is left. What cannot be had fails before anything is made.
func Up(ctx context.Context, p provider.Provider, plan *Plan) (*State, error) {
	if err := plan.available(); err != nil {
		return nil, err
	}
	s, err := up(ctx, p, plan)
	if err == nil {
		return s, nil
	}
	left := fmt.Sprintf("what there is of it stays; remove it with: netfate live down %s", plan.Spec.Name)
	if !plan.Keep && !errors.Is(err, errExists) {
		tidy, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidying)
		defer cancel()
		plan.Env.Say("removing what there is of %s", plan.Spec.Name)
		if e := p.Delete(tidy, plan.Spec.Name, plan.Spec.KubeconfigPath); e == nil {
			return nil, err
		}
	}
	if ctx.Err() != nil {
		plan.Env.Say("%s", left) // of an interruption the error alone says nothing more
	}
	return nil, fmt.Errorf("%w (%s)", err, left)
}

var errExists = errors.New("it exists")

func up(ctx context.Context, p provider.Provider, plan *Plan) (*State, error) {
	names, err := p.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		if n == plan.Spec.Name {
			return nil, fmt.Errorf("cluster %s: %w already: netfate live down %s removes it, --name makes another", n, errExists, n)
		}
	}
	plan.need()
	plan.Env.Say("creating %s: %d nodes", plan.Spec.Name, plan.Spec.Nodes)
	if err := p.Create(ctx, plan.Spec); err != nil {
		return nil, err
	}
	e, err := plan.env(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := plan.install(ctx, e); err != nil {
		return nil, err
	}
	if plan.Probe.Archive != "" {
		e.Say("loading the probe agent's image on the nodes")
		if err := e.Load(ctx, []string{plan.Probe.Archive}); err != nil {
			return nil, err
		}
	}
	s := plan.state(ctx, e, p.Name())
	return s, s.write(ctx, e.Client)
}

// choices are what is installed, in order.
func (p *Plan) choices() []install.Choice {
	out := []install.Choice{p.Network}
	if p.Mesh != nil {
		out = append(out, *p.Mesh)
	}
	return append(out, p.Gateways...)
}

// definitions are what comes before all else.
func (p *Plan) definitions() []string {
	out := []string{"network-policy-api"}
	if slices.ContainsFunc(p.choices(), func(c install.Choice) bool { return c.Needs().GatewayAPI }) {
		out = append(out, "gateway-api")
	}
	return out
}

// available says why something cannot be had, and what the lab has in its place.
func (p *Plan) available() error {
	list := p.choices()
	for _, name := range p.definitions() {
		c, err := all.Choose(install.Definitions, name)
		if err != nil {
			return err
		}
		list = append(list, c)
	}
	lab := p.Env.Lab != ""
	for _, c := range list {
		err := c.Available(c.Version, lab)
		if err == nil {
			continue
		}
		err = fmt.Errorf("%s %s: %w", c.Role(), c.Name(), err)
		var have []string
		for _, i := range all.Of(c.Role()) {
			if i.Available(i.Versions()[0], true) == nil {
				have = append(have, i.Name())
			}
		}
		if lab && len(have) > 0 {
			err = fmt.Errorf("%w (of this role the lab has %s)", err, strings.Join(have, ", "))
		}
		return err
	}
	return nil
}

// need makes the cluster as the installers want it.
func (p *Plan) need() {
	for _, c := range p.choices() {
		n := c.Needs()
		p.Spec.NoCNI = p.Spec.NoCNI || n.NoCNI
		p.Spec.NoKubeProxy = p.Spec.NoKubeProxy || n.NoKubeProxy
		if p.Spec.PodSubnet == "" {
			p.Spec.PodSubnet = n.PodSubnet
		}
	}
}

// env connects to the cluster.
func (p *Plan) env(ctx context.Context, from provider.Provider) (*install.Env, error) {
	config, err := from.Config(ctx, p.Spec.Name)
	if err != nil {
		return nil, err
	}
	e := p.Env
	e.Cluster = p.Spec.Name
	if e.Client, err = apply.New(config); err != nil {
		return nil, err
	}
	if e.Kube, err = e.Client.ServerVersion(); err != nil {
		return nil, err
	}
	e.Load = func(ctx context.Context, archives []string) error { return from.LoadImages(ctx, p.Spec.Name, archives) }
	return &e, nil
}

// install installs definitions, the network, and what stands on it.
func (p *Plan) install(ctx context.Context, e *install.Env) error {
	for _, name := range p.definitions() {
		c, err := all.Choose(install.Definitions, name)
		if err != nil {
			return err
		}
		if _, err := c.Install(ctx, e, c.Version); err != nil {
			return err
		}
	}
	for i, c := range p.choices() {
		e.Say("installing %s", c)
		list, err := c.Install(ctx, e, c.Version)
		if err != nil {
			return err
		}
		if err := c.Ready(ctx, e, list); err != nil {
			return err
		}
		if i == 0 {
			if err := nodesReady(ctx, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// nodesReady waits until every node and the cluster's DNS are ready.
func nodesReady(ctx context.Context, e *install.Env) error {
	waiting, cancel := context.WithTimeout(ctx, e.Timeout)
	defer cancel()
	e.Say("waiting for the nodes")
	for {
		names, ready, err := nodes(waiting, e.Client)
		if err == nil && len(names) > 0 && ready == len(names) {
			break
		}
		select {
		case <-waiting.Done():
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return fmt.Errorf("%d of %d nodes are ready after %s", ready, len(names), e.Timeout)
		case <-time.After(time.Second):
		}
	}
	return e.Client.Wait(ctx, e.Timeout, []apply.Workload{{Kind: "Deployment", Namespace: "kube-system", Name: "coredns"}}, e.Progress)
}

// nodes returns the names of the nodes and how many of them are ready.
func nodes(ctx context.Context, c *apply.Client) (names []string, ready int, err error) {
	list, err := c.List(ctx, schema.GroupVersionKind{Version: "v1", Kind: "Node"}, "", "")
	for i := range list {
		names = append(names, list[i].GetName())
		conditions, _, _ := unstructured.NestedSlice(list[i].Object, "status", "conditions")
		for _, item := range conditions {
			if m, ok := item.(map[string]any); ok && m["type"] == "Ready" && m["status"] == "True" {
				ready++
			}
		}
	}
	return names, ready, err
}

// state is what the cluster is to remember.
func (p *Plan) state(ctx context.Context, e *install.Env, by string) *State {
	names, _, _ := nodes(ctx, e.Client)
	s := &State{
		Facts: observation.Facts{
			Kubernetes: e.Kube, Network: p.Network.Name(), Nodes: names, Provider: by,
		},
		Profile: p.Network.Profile(), Lab: e.Lab, ProbeImage: p.Probe.Ref, Created: p.Now().UTC().Format(time.RFC3339),
	}
	s.NetworkVersion, s.Flags = p.Network.As(p.Network.Version, e.Lab != "")
	if p.Mesh != nil {
		version, flags := p.Mesh.As(p.Mesh.Version, e.Lab != "")
		s.Mesh, s.MeshVersion = p.Mesh.Name(), version
		if s.Flags == nil {
			s.Flags = map[string]string{}
		}
		maps.Copy(s.Flags, flags)
	}
	for _, g := range p.Gateways {
		if s.Gateways == nil {
			s.Gateways = map[string]string{}
		}
		s.Gateways[g.Name()] = g.Version
	}
	return s
}
