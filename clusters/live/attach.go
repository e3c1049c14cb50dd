package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"k8s.io/client-go/rest"

	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/clusters/control"
	"github.com/netfate/netfate/clusters/mirror"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

// AttachOptions say into which pods of somebody else agents are put.
type AttachOptions struct {
	Namespaces []string
	Every      bool     // every pod, not one of each workload
	Max        int      // pods at most; more are an error
	TCP, UDP   []uint16 // that the agents serve
	Image      string   // of the agent, which the nodes can pull or have
	Probe      control.Options
	Progress   func(string)
}

// Attached are agents in pods that are there, as ephemeral containers. What the pods
// send and what reaches them is under the cluster's policies as they stand: there are no
// controls.
type Attached struct {
	o       AttachOptions
	eph     *control.Ephemeral
	ctl     *control.Controller
	targets map[string]control.Target // by "namespace/name"
	pods    []*model.Endpoint
}

// attaching bounds how many pods are given an agent at a time.
const attaching = 8

// Attach puts agents into the pods of a model that the options choose. The error names
// what was chosen where that is nothing or too much, or the first pod that takes no
// agent; agents that were put by then are ended.
func Attach(ctx context.Context, config *rest.Config, m *model.Model, o AttachOptions) (*Attached, error) {
	pods, err := choosePods(m, &o)
	if err != nil {
		return nil, err
	}
	exec, err := control.NewExec(config, "")
	if err != nil {
		return nil, err
	}
	if o.Probe.Enforcers == nil {
		if o.Probe.Enforcers, err = allowedEnforcers(ctx, config, o.Progress); err != nil {
			return nil, err
		}
	}
	a := &Attached{o: o, eph: &control.Ephemeral{Exec: exec, Image: o.Image}, ctl: control.New(exec, o.Probe), targets: map[string]control.Target{}, pods: pods}
	if err := a.attach(ctx); err != nil {
		return nil, errors.Join(err, a.Close(context.WithoutCancel(ctx)))
	}
	return a, nil
}

// allowedEnforcers is Enforcers where the user may list DaemonSets, else nil.
func allowedEnforcers(ctx context.Context, config *rest.Config, say func(string)) (func(context.Context) (string, error), error) {
	c, err := apply.New(config)
	if err != nil {
		return nil, err
	}
	f := Enforcers(c)
	if _, err := f(ctx); apply.Forbidden(err) {
		if say != nil {
			say("no permission to list DaemonSets and their pods: restarts of the network's agents go unseen")
		}
		return nil, nil
	}
	return f, nil
}

// choosePods returns the pods of the options in a model: those that run with an address
// and network of their own.
func choosePods(m *model.Model, o *AttachOptions) ([]*model.Endpoint, error) {
	var out []*model.Endpoint
	seen := map[string]bool{}
	for i := range m.Endpoints {
		e := &m.Endpoints[i]
		if e.Kind != model.Pod || e.Cluster != "" || e.Template || e.HostNetwork || len(e.IPs) == 0 || !slices.Contains(o.Namespaces, e.Namespace) || static(e) {
			continue
		}
		if id := e.Namespace + "/" + e.Workload.Kind + "/" + e.Workload.Name; !o.Every && seen[id] {
			continue
		} else {
			seen[id] = true
		}
		out = append(out, e)
	}
	switch {
	case len(out) == 0:
		return nil, fmt.Errorf("no pod of the namespaces %s runs with an address of its own", strings.Join(o.Namespaces, ", "))
	case o.Max > 0 && len(out) > o.Max:
		return nil, fmt.Errorf("%d pods would be given an agent, and %d is the most: choose fewer namespaces or raise it", len(out), o.Max)
	}
	return out, nil
}

// static tells a pod of a node's own files, which takes no ephemeral container.
func static(e *model.Endpoint) bool {
	return e.Object != nil && e.Object.Root.At("metadata", "annotations", "kubernetes.io/config.mirror") != nil
}

// attach puts an agent into each pod.
func (a *Attached) attach(ctx context.Context) error {
	var mu sync.Mutex
	var work sync.WaitGroup
	var failed error
	next := make(chan *model.Endpoint)
	for range min(attaching, len(a.pods)) {
		work.Go(func() {
			for e := range next {
				t, err := a.eph.Attach(ctx, e.Namespace, e.Name, a.o.TCP, a.o.UDP)
				mu.Lock()
				if err == nil {
					a.targets[t.ID] = a.served(t)
					a.say("%d of %d pods have an agent", len(a.targets), len(a.pods))
				} else if failed == nil {
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	for _, e := range a.pods {
		next <- e
	}
	close(next)
	work.Wait()
	return failed
}

func (a *Attached) say(format string, args ...any) {
	if a.o.Progress != nil {
		a.o.Progress(fmt.Sprintf(format, args...))
	}
}

// served is a pod at whose ports the agent answers where it serves them; others are its
// own containers' or nobody's.
func (a *Attached) served(t control.Target) control.Target {
	own := t
	own.Agent = true
	t.Agent = false
	t.Behind = func(protocol string, port uint16) []control.Backend {
		if !slices.Contains(a.ports(protocol), port) {
			return nil
		}
		return []control.Backend{{Target: own, Port: port}}
	}
	return t
}

func (a *Attached) ports(protocol string) []uint16 {
	switch protocol {
	case observation.TCP:
		return a.o.TCP
	case observation.UDP:
		return a.o.UDP
	}
	return nil
}

// Pods are the names, "namespace/name", of the pods that have an agent.
func (a *Attached) Pods() []string {
	var out []string
	for _, e := range a.pods {
		out = append(out, e.ID())
	}
	return out
}

// Flows are the connections between the pods: on the ports that the agents serve, and
// on the TCP ports that a pod's containers declare, where silence alone says something.
// Of more than limit (0: no bound) every n-th is taken; all is how many there are.
func (a *Attached) Flows(limit int) (flows []observation.Flow, all int) {
	for _, from := range a.pods {
		for _, to := range a.pods {
			if from == to {
				continue
			}
			flow := observation.Flow{From: observation.Party{Kind: observation.KindPod, ID: from.ID()}, To: observation.Party{Kind: observation.KindPod, ID: to.ID()}}
			for _, p := range mirror.Declared(to.Object) {
				if p.Protocol == observation.TCP {
					flow.Protocol, flow.Port = observation.TCP, p.Port
					flows = append(flows, flow)
				}
			}
			for _, protocol := range []string{observation.TCP, observation.UDP} {
				for _, port := range a.ports(protocol) {
					flow.Protocol, flow.Port = protocol, port
					flows = append(flows, flow)
				}
			}
		}
	}
	return some(unique(flows), limit)
}

// Observe tries flows as things stand.
func (a *Attached) Observe(ctx context.Context, flows []observation.Flow) ([]observation.Record, error) {
	return a.ctl.Probe(ctx, flows, func(p observation.Party) (control.Target, error) {
		if t, ok := a.targets[p.ID]; ok && p.Kind == observation.KindPod {
			return t, nil
		}
		return control.Target{}, fmt.Errorf("there is no agent in %s", p)
	})
}

// Close ends the agents. The error names those that may still run; they end by
// themselves.
func (a *Attached) Close(ctx context.Context) error {
	a.ctl.Close()
	var mu sync.Mutex
	var work sync.WaitGroup
	var errs []error
	for _, t := range a.targets {
		work.Go(func() {
			if err := a.eph.Detach(ctx, t); err != nil {
				mu.Lock()
				errs = append(errs, err)
				mu.Unlock()
			}
		})
	}
	work.Wait()
	return errors.Join(errs...)
}
