package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/clusters/control"
	"github.com/netfate/netfate/clusters/minimise"
	"github.com/netfate/netfate/clusters/mirror"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

// BenchOptions say how a bench works.
type BenchOptions struct {
	Name  string // tells benches in one cluster apart; the value of the owner label
	Image string // of the probe agent, as the nodes know it
	// TCP and UDP are the ports that every pod serves beside those it declares.
	TCP, UDP []uint16
	Header   observation.Header
	// ClusterPolicies says that the network enforces ClusterNetworkPolicy, so that the
	// canary can wait for them.
	ClusterPolicies bool
	Network         string // the profile that predicts, for waiting until policies hold
	Probe           control.Options
	// Settle bounds the wait until policies hold (2 min: an overloaded machine is slow).
	Settle   time.Duration
	Timeout  time.Duration // of pods to be ready (2 min)
	Progress func(string)
}

// Bench is a cluster of which some objects are ours: a campaign.Bench. Pods run the
// probe agent with the labels and ports that they are given.
type Bench struct {
	c      *apply.Client
	config *rest.Config
	ctl    *control.Controller
	o      BenchOptions
	owner  string
	have   map[string]*entry // by key, what was applied last
	nodes  []*unstructured.Unstructured
	agents map[string]*unstructured.Unstructured // pods on the nodes' networks, by node
	canary *canary
	pulse  pulse
}

// entry is an object as it was wanted and as the cluster has it.
type entry struct {
	want string // JSON
	now  *unstructured.Unstructured
}

// NewBench connects to a cluster, removes what an earlier bench of the name left, and
// makes the canary that tells when policies hold. Beside another bench of the name that is
// at work it refuses.
func NewBench(ctx context.Context, config *rest.Config, o BenchOptions) (*Bench, error) {
	if o.Settle <= 0 {
		o.Settle = 2 * time.Minute
	}
	if o.Timeout <= 0 {
		o.Timeout = 2 * time.Minute
	}
	c, err := apply.New(config)
	if err != nil {
		return nil, err
	}
	opener, err := control.NewExec(config, "")
	if err != nil {
		return nil, err
	}
	b := &Bench{c: c, config: config, o: o, owner: benchOwner + o.Name, have: map[string]*entry{}}
	if o.Probe.Enforcers == nil {
		o.Probe.Enforcers = Enforcers(c)
	}
	b.ctl = control.New(opener, o.Probe)
	if err := b.readNodes(ctx); err != nil {
		return nil, err
	}
	b.canary = &canary{b: b}
	if err := b.alone(ctx); err != nil {
		return nil, err
	}
	if err := b.sweep(ctx, nil); err != nil {
		return nil, err
	}
	b.pulse.start(ctx, b)
	if err := b.canary.make(ctx); err != nil {
		err = fmt.Errorf("cannot prepare the cluster: %w", err)
		tidy, cancel := context.WithTimeout(context.WithoutCancel(ctx), o.Timeout)
		defer cancel()
		return nil, errors.Join(err, b.Close(tidy))
	}
	return b, nil
}

// Close removes everything that the bench made.
func (b *Bench) Close(ctx context.Context) error {
	b.ctl.Close()
	b.pulse.end()
	return b.sweep(ctx, nil)
}

// Header says what the bench is.
func (b *Bench) Header() observation.Header { return b.o.Header }

func (b *Bench) say(format string, args ...any) {
	if b.o.Progress != nil {
		b.o.Progress(fmt.Sprintf(format, args...))
	}
}

// sweep removes what is ours and not wanted.
func (b *Bench) sweep(ctx context.Context, wanted map[string]bool) error {
	for _, gvk := range kinds() {
		served, err := b.c.Serves(gvk)
		if err != nil {
			return err
		}
		if !served {
			continue
		}
		_, err = b.c.Prune(ctx, gvk, b.owner, func(o *unstructured.Unstructured) bool { return wanted[key(o)] })
		if err != nil {
			return err
		}
	}
	return nil
}

func key(o *unstructured.Unstructured) string {
	return o.GetKind() + " " + o.GetNamespace() + "/" + o.GetName()
}

// Set makes exactly these objects be there. It implements campaign.Bench.
func (b *Bench) Set(ctx context.Context, objects []*model.Object) ([]*model.Object, error) {
	var list []*unstructured.Unstructured
	for _, o := range objects {
		if o.Kind == "Node" {
			continue // the cluster's are there
		}
		u, err := b.toApply(o)
		if err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	if err := b.put(ctx, list); err != nil {
		return nil, err
	}
	return b.read(objects)
}

// put makes exactly these objects be there among ours, and waits until pods run and
// policies hold.
func (b *Bench) put(ctx context.Context, objects []*unstructured.Unstructured) error {
	list := map[string]*unstructured.Unstructured{}
	for _, o := range objects {
		if system(o) {
			return fmt.Errorf("%w: %s belongs to the cluster itself and is left alone", minimise.ErrRefused, apply.Title(o))
		}
		if list[key(o)] != nil {
			return fmt.Errorf("%s: it is there twice", apply.Title(o))
		}
		list[key(o)] = o
	}
	if err := b.guard(ctx, objects); err != nil {
		return err
	}
	changed, err := b.remove(ctx, list)
	if err != nil {
		return err
	}
	n, err := b.apply(ctx, objects, false)
	if err != nil {
		return refused(err)
	}
	if err := b.running(ctx); err != nil {
		return err
	}
	m, err := b.apply(ctx, objects, true)
	if err != nil {
		return refused(err)
	}
	if !changed && n+m == 0 {
		return nil
	}
	return b.canary.settle(ctx)
}

// system tells the namespaces of the cluster itself, and what is in them.
func system(o *unstructured.Unstructured) bool {
	ns := o.GetNamespace()
	if o.GetKind() == "Namespace" {
		ns = o.GetName()
	}
	return strings.HasPrefix(ns, "kube-") || o.GetKind() == "Namespace" && ns == "default"
}

// refused marks an error that is the API server's verdict on an object.
func refused(err error) error {
	if apply.Refused(err) {
		return fmt.Errorf("%w: %w", minimise.ErrRefused, err)
	}
	return err
}

// remove takes away what is not wanted any more, and pods and policies that differ.
// Nearly nothing of a pod can be changed, and new labels take long to count. A policy
// that a network does not take as a change of one may stay what it was (Cilium does so).
func (b *Bench) remove(ctx context.Context, list map[string]*unstructured.Unstructured) (bool, error) {
	var gone []*unstructured.Unstructured
	for k, e := range b.have {
		want := list[k]
		pod := e.now.GetKind() == "Pod"
		if want != nil && (!pod && leaving(e.now) > 0 || e.want == text(want)) {
			continue
		}
		if pod {
			b.ctl.Forget(control.Target{Namespace: e.now.GetNamespace(), Pod: e.now.GetName(), Container: mirror.Container})
		}
		gone = append(gone, e.now)
		delete(b.have, k)
	}
	slices.SortFunc(gone, func(x, y *unstructured.Unstructured) int { return leaving(x) - leaving(y) })
	return len(gone) > 0, b.c.Delete(ctx, gone)
}

// leaving is the order of removal: policies first, namespaces last.
func leaving(o *unstructured.Unstructured) int {
	switch o.GetKind() {
	case "Service":
		return 1
	case "Pod":
		return 2
	case "ServiceAccount":
		return 3
	case "Namespace":
		return 4
	}
	return 0
}

func text(o *unstructured.Unstructured) string {
	data, err := json.Marshal(o.Object)
	if err != nil {
		return err.Error() // equal to no object
	}
	return string(data)
}

// apply applies what is new or differs of the policies or of the rest, and returns how many objects that were.
func (b *Bench) apply(ctx context.Context, objects []*unstructured.Unstructured, policies bool) (int, error) {
	n := 0
	for _, o := range objects {
		want := text(o)
		if e := b.have[key(o)]; (leaving(o) == 0) != policies || e != nil && e.want == want {
			continue
		}
		if o.GetKind() == "Pod" {
			if err := b.atMost(ctx, starting-1); err != nil {
				return n, err
			}
		}
		now, err := b.c.Apply(ctx, b.owner, []*unstructured.Unstructured{o})
		if err != nil {
			return n, err
		}
		b.have[key(o)] = &entry{want: want, now: now[0]}
		n++
	}
	return n, nil
}
