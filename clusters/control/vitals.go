package control

import (
	"context"
	"fmt"
	"sync"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/probe"
)

// vital is a port that an agent should serve, or an address at which the kernel of its pod should answer an echo.
type vital struct {
	at       place
	protocol string
	port     uint16
	address  string // of ICMP and ICMPv6
}

// vitalOf is what a flow to an agent hangs on.
func vitalOf(t *Backend, f observation.Flow) vital {
	v := vital{at: t.place(), protocol: f.Protocol, port: t.Port}
	if f.Ping() {
		v.address = f.To.Address
	}
	return v
}

// String returns what is asked for, as messages have it.
func (v vital) String() string {
	if v.address != "" {
		return fmt.Sprintf("no %s echo is answered at %s", v.protocol, v.address)
	}
	return fmt.Sprintf("no agent serves %s %d", v.protocol, v.port)
}

// sign is what the agent's pod says of it, asked inside the pod, where no policy acts.
type sign struct {
	instance string // of the agent that serves it
	stalls   int    // how often that stood still since it started
	why      string // why it is not known to
}

// vitals asks every agent that flows go to whether it serves their ports.
func (r *round) vitals(ctx context.Context) map[vital]sign {
	work, self := map[place][]vital{}, map[place]string{}
	var order []place
	seen := map[vital]bool{}
	for i := range r.records {
		f := r.records[i].Flow
		for _, t := range r.to[i].agents(f) {
			v := vitalOf(&t, f)
			if seen[v] {
				continue
			}
			seen[v] = true
			if work[v.at] == nil {
				order = append(order, v.at)
			}
			work[v.at], self[v.at] = append(work[v.at], v), t.self()
		}
	}
	var mu sync.Mutex
	out := make(map[vital]sign, len(seen))
	r.each(order, func(at place) {
		signs := r.ask(ctx, at, self[at], work[at])
		mu.Lock()
		defer mu.Unlock()
		for i, v := range work[at] {
			out[v] = signs[i]
		}
	})
	return out
}

// ask probes an agent's ports from inside its pod.
func (r *round) ask(ctx context.Context, at place, self string, ports []vital) []sign {
	var probes []probe.Probe
	for i, v := range ports {
		p := probe.Probe{N: i, To: self, Port: v.port, Protocol: v.protocol}
		if v.address != "" {
			p.To, p.Source = v.address, v.address // only who has an address can send from it
		}
		probes = append(probes, p)
	}
	got, err := r.c.run(ctx, at, probe.Batch{
		Attempts: 2, Timeout: int(r.c.o.Timeout.Milliseconds()), Backoff: int(r.c.o.Backoff.Milliseconds()), Probes: probes,
	})
	out := make([]sign, len(ports))
	for i, v := range ports {
		rep, ok := got[i]
		switch {
		case !ok:
			out[i] = sign{why: fmt.Sprintf("the agent in %s cannot be asked whether it serves: %v", at, err)}
		case rep.Result != observation.Connected:
			out[i] = sign{why: fmt.Sprintf("%s inside %s itself (%s)", v, at, said(observation.Record{Result: rep.Result, Detail: rep.Detail}))}
		case v.address != "": // by a kernel, which is no process
		default:
			out[i] = sign{instance: rep.Instance, stalls: rep.Stalls}
			r.c.lines.newborns.note(at, rep.Instance)
		}
	}
	return out
}

// check makes those failures inconclusive whose destination was not known to serve all the time; all of them
// if the network was unsteady, for that reason.
func (r *round) check(unsteady string) {
	for i := range r.records {
		rec := &r.records[i]
		if !failed(rec) {
			continue
		}
		if unsteady != "" {
			r.fail(i, unsteady)
			r.again[i] = true
			continue
		}
		for _, t := range r.to[i].agents(rec.Flow) {
			v := vitalOf(&t, rec.Flow)
			why := ill(r.before[v], r.after[v])
			if why == "" && r.to[i].Pod == "" && r.c.lines.newborns.young(v.at) {
				why = fmt.Sprintf("the agent in %s was restarted: the Service may not lead to it again yet", v.at)
			}
			if why != "" {
				r.fail(i, why)
				r.again[i] = true
				break
			}
		}
	}
}

func ill(before, after sign) string {
	switch {
	case before.why != "":
		return "before the probe: " + before.why
	case after.why != "":
		return "after the probe: " + after.why
	case before.instance != after.instance:
		return "the destination's agent was restarted while it was probed"
	case before.stalls != after.stalls:
		return "the destination's agent stood still for a second or more while it was probed: its machine is too busy"
	}
	return ""
}
