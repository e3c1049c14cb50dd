package sim_test

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

// TestProxiesAreVerdicts compares the sets that proxies let in with single
// verdicts, for random meshes, pairs, ports and requests: a request is in the set
// where one of the ways to the port lets it through.
func TestProxiesAreVerdicts(t *testing.T) {
	seeds, asked, open, parts := uint64(200), 0, 0, 0
	if testing.Short() {
		seeds = 20
	}
	for seed := range seeds {
		w := &meshWorld{r: rand.New(rand.NewPCG(seed, 5))}
		text := w.text()
		x := &proxyCheck{t: t, w: w, s: loadText(t, text)}
		x.p = x.s.Proxies()
		for range 60 {
			x.one()
		}
		if asked, open, parts = asked+x.asked, open+x.open, parts+x.parts; t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, text)
		}
	}
	t.Logf("%d requests and connections; %d of them where a part gets through, %d undetermined", asked, parts, open)
	if open*10 > asked || parts*20 < asked {
		t.Error("the test says little")
	}
}

func loadText(t testing.TB, text string) *sim.Simulator {
	t.Helper()
	file := filepath.Join(t.TempDir(), "mesh.yaml")
	if tt, ok := t.(*testing.T); ok {
		write(tt, file, text)
	}
	snap, err := sim.Load(context.Background(), collect.Options{Sources: []string{file}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := sim.New(snap, sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// proxyCheck asks one simulator.
type proxyCheck struct {
	t                  *testing.T
	w                  *meshWorld
	s                  *sim.Simulator
	p                  *sim.Proxies
	asked, open, parts int
}

// one compares one random question.
func (x *proxyCheck) one() {
	m := x.s.Model()
	from := model.Party{Kind: model.PartyEndpoint, Index: x.w.r.IntN(len(m.Endpoints))}
	to := x.w.r.IntN(len(m.Endpoints))
	if x.w.chance(4) {
		from = model.Party{Kind: model.PartyAddress, Addr: netip.MustParseAddr(x.w.pick("192.0.2.1", "203.0.113.9"))}
	} else if from.Index == to {
		return
	}
	port := []uint16{8080, 8080, 8080, 9090, 9090, 7070, 15020}[x.w.r.IntN(7)]
	var req *model.Request
	if !x.w.chance(4) {
		req = x.w.request("h.example.com")
	}
	want, http := x.verdict(from, to, port, req)
	got := x.set(from, to, port, req)
	if req == nil && http {
		return // nothing is said of a connection without a request
	}
	if x.asked++; want == algebra.Maybe {
		x.open++
	}
	if got != want {
		x.t.Errorf("%v to %s on %d, %+v: the set says %v, the verdicts %v", from, m.Endpoints[to].ID(), port, req, got, want)
	}
}

// verdict is the best outcome of the ways to a port, and whether the port speaks HTTP.
func (x *proxyCheck) verdict(from model.Party, to int, port uint16, req *model.Request) (best algebra.Tri, http bool) {
	m := x.s.Model()
	ask := func(p model.Party, port uint16) {
		v := x.s.Verdict(model.Flow{From: from, To: p, Protocol: algebra.TCP, Port: port, Request: req})
		best = max(best, algebra.Tri(v.Outcome))
	}
	ask(model.Party{Kind: model.PartyEndpoint, Index: to}, port)
	if p := m.Endpoints[to].Proxy; p != nil && p.Proxyless {
		http = true
	}
	for i := range m.Services {
		s := &m.Services[i]
		app, _ := m.Endpoints[to].Labels.Get("app")
		if v, _ := s.Selector.Get("app"); s.Namespace != m.Endpoints[to].Namespace || v != app {
			continue
		}
		for _, p := range s.Ports {
			if p.TargetPort != port {
				continue
			}
			http = http || m.Mesh.Protocols[model.ServicePortID{Service: i, Port: p.Port}] == model.PortHTTP
			if from.Kind == model.PartyEndpoint {
				ask(model.Party{Kind: model.PartyService, Index: i}, p.Port)
			}
		}
	}
	return best, http
}

// set asks the set.
func (x *proxyCheck) set(from model.Party, to int, port uint16, req *model.Request) algebra.Tri {
	key := algebra.ConnKey(algebra.IPv4, algebra.TCP, port)
	allow, may, list := x.p.Narrow(algebra.AllConns(), algebra.AllConns(), x.p.Between(from, model.Party{Kind: model.PartyEndpoint, Index: to}))
	for i := range list {
		if !list[i].Conns.Contains(key) {
			continue
		}
		if req == nil {
			return list[i].Plain
		}
		x.parts++
		x.witness(from, to, port, &list[i])
		seen := *req
		if m := x.s.Model().Mesh.Normalize; m >= model.NormalizeMergeSlashes {
			seen.Path = strings.ReplaceAll(seen.Path, "//", "/")
		}
		return list[i].Holds(&seen)
	}
	switch {
	case allow.Contains(key):
		return algebra.Yes
	case may.Contains(key):
		return algebra.Maybe
	}
	return algebra.No
}

// witness wants the smallest request of a set to get through.
func (x *proxyCheck) witness(from model.Party, to int, port uint16, r *sim.Requests) {
	w, ok := r.Witness()
	if !ok {
		if !r.Sure.IsEmpty() {
			x.t.Errorf("no witness of %s", r.Words())
		}
		return
	}
	if got, _ := x.verdict(from, to, port, w); got != algebra.Yes {
		x.t.Errorf("the witness %+v of %q does not get through: %v", w, r.Words(), got)
	}
}
