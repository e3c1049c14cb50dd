package sim_test

import (
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/policytest"
)

// TestDecideIsVerdict compares Decide with Verdict's outcome for random flows over
// the clusters of the golden cases, with every profile, and over random meshes.
func TestDecideIsVerdict(t *testing.T) {
	x := &decideCheck{t: t, w: &meshWorld{r: rand.New(rand.NewPCG(3, 4))}}
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden cases: %v", err)
	}
	for i, file := range files {
		if testing.Short() && i%4 != 0 {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		g := newGolden(t, policytest.Parse(string(text)))
		for _, network := range sim.Networks() {
			o := g.options
			o.Network = network
			if s, err := sim.New(g.snap, o); err == nil {
				x.ask(file+" "+network, s, 40)
			}
		}
	}
	for seed := range uint64(40) {
		w := &meshWorld{r: rand.New(rand.NewPCG(seed, 6))}
		text := w.text()
		if x.ask("mesh", loadText(t, text), 150); t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, text)
		}
	}
	t.Logf("%d flows: %v denied, undetermined and allowed", x.asked, x.outcomes)
	for o, n := range x.outcomes {
		if n*100 < x.asked {
			t.Errorf("only %d flows are %s", n, model.Outcome(o))
		}
	}
}

type decideCheck struct {
	t        *testing.T
	w        *meshWorld
	asked    int
	outcomes [3]int
}

func (x *decideCheck) ask(name string, s *sim.Simulator, n int) {
	m := s.Model()
	if len(m.Endpoints) == 0 {
		return
	}
	for range n {
		f := x.flow(m)
		v := s.Verdict(f)
		if got := s.Decide(f); got != v.Outcome {
			x.t.Errorf("%s: %+v %+v: Decide says %v, Verdict %v (%v)", name, f, f.Request, got, v.Outcome, v.Reasons)
			return
		}
		x.asked++
		x.outcomes[v.Outcome]++
	}
}

// flow makes a random flow between parties of a model.
func (x *decideCheck) flow(m *model.Model) model.Flow {
	r := x.w.r
	f := model.Flow{From: x.endpoint(m), To: x.endpoint(m), Protocol: algebra.TCP, Port: []uint16{80, 443, 8080, 9090, 53}[r.IntN(5)]}
	if x.w.chance(4) {
		f.From = model.Party{Kind: model.PartyAddress, Addr: netip.MustParseAddr(x.w.pick("192.0.2.1", "203.0.113.9", "2001:db8::1"))}
	}
	if x.w.chance(10) {
		f.Protocol = algebra.UDP
	}
	if x.w.chance(8) {
		f.Families = []algebra.Family{algebra.IPv4}
	}
	hosts := []string{"example.com", "other.org"}
	if n := len(m.Services); n > 0 && !x.w.chance(3) {
		i := r.IntN(n)
		s := &m.Services[i]
		f.To = model.Party{Kind: model.PartyService, Index: i}
		if len(s.Ports) > 0 && !x.w.chance(5) {
			f.Port, f.Protocol = s.Ports[0].Port, s.Ports[0].Protocol
		}
		hosts = append(hosts, s.Name+"."+s.Namespace, s.Name+"."+s.Namespace+".svc.cluster.local")
	}
	for g := range m.Gateways {
		for i := range m.Gateways[g].Listeners {
			l := &m.Gateways[g].Listeners[i]
			for j := range l.Table.Hosts {
				hosts = append(hosts, x.w.pick("", "x")+l.Table.Hosts[j].Host.Value)
			}
			if x.w.chance(2) {
				f.Port = l.Port
			}
		}
		if x.w.chance(2) {
			f.To = model.Party{Kind: model.PartyGateway, Index: g}
		}
	}
	host := hosts[r.IntN(len(hosts))]
	if x.w.chance(4) {
		f.To = model.Party{Kind: model.PartyHost, Host: host}
	}
	if f.Protocol == algebra.TCP && !x.w.chance(3) {
		f.Request = x.w.request(host)
		f.Request.Host = host
		if x.w.chance(5) {
			f.Request.Scheme = "https"
		}
		if x.w.chance(6) {
			f.Principal = x.w.pick("cluster.local/ns/a/sa/p0", "cluster.local/ns/b/sa/p1")
		}
	}
	return f
}

func (x *decideCheck) endpoint(m *model.Model) model.Party {
	return model.Party{Kind: model.PartyEndpoint, Index: x.w.r.IntN(len(m.Endpoints))}
}
