package sim_test

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// TestGatewayWaysAreVerdicts compares the requests that get through gateways as sets
// with single verdicts, for random meshes, routes, clients and requests.
func TestGatewayWaysAreVerdicts(t *testing.T) {
	seeds := uint64(120)
	if testing.Short() {
		seeds = 30
	}
	var all waysCheck
	for seed := range seeds {
		w := &meshWorld{r: rand.New(rand.NewPCG(seed, 11)), calm: true}
		w.text()
		w.edge()
		s := loadText(t, w.b.String())
		kind, err := s.OfKind(sim.RequestKind{}, s.Proxies())
		if err != nil {
			t.Fatal(err)
		}
		x := &waysCheck{t: t, w: w, s: s, g: kind.Gateways(s)}
		for range 60 {
			x.one()
		}
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, w.b.String())
		}
		all.add(x)
	}
	t.Logf("%d requests: %d allowed, %d undetermined, %d in a set for certain", all.asked, all.allowed, all.open, all.sure)
	if all.allowed*18 < all.asked || all.sure*18 < all.asked || all.open*4 > all.asked {
		t.Error("the test says little")
	}
}

type waysCheck struct {
	t                          *testing.T
	w                          *meshWorld
	s                          *sim.Simulator
	g                          *sim.GatewayWays
	asked, allowed, open, sure int
}

func (x *waysCheck) add(o *waysCheck) {
	x.asked, x.allowed, x.open, x.sure = x.asked+o.asked, x.allowed+o.allowed, x.open+o.open, x.sure+o.sure
}

// one compares one random request.
func (x *waysCheck) one() {
	m := x.s.Model()
	if len(m.Gateways) != 1 {
		x.t.Fatalf("no gateway: %v\n%s", x.s.Problems(), x.w.b.String())
	}
	req := x.w.request(x.w.pick("www.shop.example", "api.shop.example", "other.example"))
	if m.Mesh.Normalize >= model.NormalizeMergeSlashes && strings.Contains(req.Path, "//") {
		return
	}
	from := model.Party{Kind: model.PartyAddress, Addr: netip.MustParseAddr(x.w.pick("192.0.2.1", "203.0.113.9"))}
	port := uint16(80)
	if x.w.chance(4) {
		port = 8080
	}
	v := x.s.Verdict(model.Flow{From: from, To: model.Party{Kind: model.PartyGateway}, Protocol: algebra.TCP, Port: port, Request: req})
	entered := x.s.Enters(from, 0, port)
	x.asked++
	x.count(&v)
	sure, may := 0, map[int]bool{}
	for _, way := range x.g.From(from, 0) {
		if m.Gateways[0].Listeners[way.Listener].Port != port {
			continue
		}
		switch x.g.Holds(&way, req) {
		case algebra.Yes:
			sure, may[way.Endpoint] = sure+1, true
		case algebra.Maybe:
			may[way.Endpoint] = true
		}
	}
	if sure > 0 {
		x.sure++
	}
	x.compare(&v, entered, sure, may, req)
}

func (x *waysCheck) count(v *model.Verdict) {
	switch v.Outcome {
	case model.Allowed:
		x.allowed++
	case model.Undetermined:
		x.open++
	}
}

// compare wants what gets through to be where the sets say.
func (x *waysCheck) compare(v *model.Verdict, entered model.Outcome, sure int, may map[int]bool, req *model.Request) {
	passes := v.Outcome != model.Denied && slices.ContainsFunc(v.Routed, func(r model.Routed) bool { return r.Outcome == model.Allowed && len(r.Reached) > 0 })
	only := len(v.Routed) == 1
	_, added := req.Headers["x-env"] // what a route adds to a header is no part of a set
	switch {
	case sure > 0 && entered == model.Allowed && only && v.Outcome != model.Allowed:
		x.t.Errorf("%+v is in a set for certain, and the verdict is %v", req, v.Outcome)
	case sure > 0 && entered == model.Allowed && v.Outcome == model.Denied:
		x.t.Errorf("%+v is in a set for certain, and is denied", req)
	case v.Outcome == model.Allowed && only && sure == 0 && len(may) > 0 && len(x.s.Model().Gateways[0].Pods) > 0 && !added:
		x.t.Errorf("%+v gets through for certain, and the sets say perhaps", req)
	}
	for _, r := range v.Routed {
		for _, to := range r.Reached {
			if v.Outcome != model.Denied && r.Outcome == model.Allowed && !may[to.Endpoint] {
				x.t.Errorf("%+v gets through to %s, and no set says so", req, x.s.Model().Endpoints[to.Endpoint].ID())
			}
		}
	}
	if len(may) == 0 && passes {
		x.t.Errorf("%+v gets through, and no set holds it", req)
	}
	if len(may) > 0 && v.Outcome == model.Denied && sure > 0 && entered != model.Denied {
		x.t.Errorf("%+v is denied, and a set holds it", req)
	}
}
