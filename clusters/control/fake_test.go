package control

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/probe"
)

// pods are agents on loopback addresses, with sessions in this process: an API server as far as a
// controller sees one.
type pods struct {
	t       testing.TB
	mu      sync.Mutex
	at      map[string]netip.Addr
	servers map[string]*probe.Server
	ports   []uint16
	opened  map[string]int
	// session, if set, stands in for the way to a pod.
	session func(ctx context.Context, pod string, n int, in io.Reader, out io.Writer) error
}

func newPods(t testing.TB, n int, ports ...uint16) *pods {
	p := &pods{t: t, at: map[string]netip.Addr{}, servers: map[string]*probe.Server{}, ports: ports, opened: map[string]int{}}
	for i := range n {
		name := fmt.Sprintf("p%d", i)
		p.at[name] = netip.AddrFrom4([4]byte{127, 0, byte(1 + i/200), byte(1 + i%200)})
		p.start(name)
	}
	t.Cleanup(func() {
		for name := range p.at {
			p.kill(name)
		}
	})
	return p
}

func (p *pods) start(name string) {
	s, err := probe.Listen(probe.ServeOptions{
		Identity:  probe.Identity{By: "a/" + name, Instance: fmt.Sprint(time.Now().UnixNano())},
		Addresses: []netip.Addr{p.at[name]}, TCP: p.ports, UDP: p.ports[:1],
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.servers[name] = s
}

func (p *pods) kill(name string) {
	p.mu.Lock()
	s := p.servers[name]
	delete(p.servers, name)
	p.mu.Unlock()
	if s != nil {
		_ = s.Close()
	}
}

func (p *pods) Session(ctx context.Context, _, pod, _ string, in io.Reader, out io.Writer) error {
	p.mu.Lock()
	p.opened[pod]++
	n := p.opened[pod]
	p.mu.Unlock()
	if p.session != nil {
		return p.session(ctx, pod, n, in, out)
	}
	return probe.Session(ctx, in, out)
}

func (p *pods) resolve(q observation.Party) (Target, error) {
	name := q.ID[2:]
	a, ok := p.at[name]
	if !ok {
		return Target{}, errors.New("no such pod")
	}
	return Target{ID: q.ID, Namespace: "a", Pod: name, Container: "agent", Addresses: []netip.Addr{a}, Agent: true, Self: a}, nil
}

func pod(name string) observation.Party {
	return observation.Party{Kind: observation.KindPod, ID: "a/" + name}
}

func freePorts(t testing.TB, n int) []uint16 {
	var out []uint16
	for range n {
		l, err := net.Listen("tcp", "0.0.0.0:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		out = append(out, uint16(l.Addr().(*net.TCPAddr).Port))
	}
	return out
}

func quick() Options {
	return Options{Timeout: 300 * time.Millisecond, Backoff: 10 * time.Millisecond, SessionBackoff: 10 * time.Millisecond, Silence: time.Second}
}

func allPairs(p *pods) []observation.Flow {
	var out []observation.Flow
	for i := range len(p.at) {
		for j := range len(p.at) {
			for _, port := range p.ports {
				if i != j {
					out = append(out, observation.Flow{From: pod(fmt.Sprintf("p%d", i)), To: pod(fmt.Sprintf("p%d", j)), Protocol: "TCP", Port: port})
				}
			}
		}
	}
	return out
}
