package sim

import (
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/admit"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/model"
)

// door is a listener of a gateway, as lines name it.
type door struct {
	gateway, listener string
	port              uint16
}

func compareDoors(a, b door) int {
	if c := strings.Compare(a.gateway, b.gateway); c != 0 {
		return c
	}
	return strings.Compare(a.listener, b.listener)
}

// gatewayLines computes what gets through gateways from ranges of addresses outside
// the cluster; nil where there is no gateway.
type gatewayLines struct {
	s     *Simulator
	g     *GatewayWays // with paths as they are once normalised: what is compared
	shown *GatewayWays // with paths as policies write them: for people
}

// newGatewayLines returns nil for a simulator without gateways. The sets are of the
// space given, which is that of the proxies where there are any.
func newGatewayLines(s *Simulator, p *Proxies, sp *request.Space) *gatewayLines {
	if len(s.m.Gateways) == 0 || sp == nil {
		return nil
	}
	o := &OfKind{proxies: p, space: sp, all: sp.All()}
	x := &gatewayLines{s: s, g: o.Gateways(s), shown: o.Gateways(s)}
	x.shown.asWritten, x.shown.routes.Bare = true, true
	return x
}

// from returns what gets from a range of addresses to endpoints through each listener.
func (x *gatewayLines) from(src *Peer) map[door]map[int]*Requests {
	out := map[door]map[int]*Requests{}
	if x == nil {
		return out
	}
	from := model.Party{Kind: model.PartyAddress, Addr: src.Range.From}
	for i := range x.s.m.Gateways {
		gw := &x.s.m.Gateways[i]
		entered := map[uint16]model.Outcome{}
		written, answers := x.shown.From(from, i), map[int]string{}
		for _, w := range x.g.From(from, i) {
			l := &gw.Listeners[w.Listener]
			if _, known := entered[l.Port]; !known {
				entered[l.Port] = x.s.Enters(from, i, l.Port)
			}
			if entered[l.Port] == model.Denied {
				continue
			}
			d := door{gw.ID(), l.Name, l.Port}
			if out[d] == nil {
				out[d] = map[int]*Requests{}
			}
			r := x.requests(src, d, &w, written, entered[l.Port])
			if _, known := answers[w.Listener]; !known {
				answers[w.Listener] = x.answers(from, i, w.Listener)
			}
			r.answers = answers[w.Listener]
			out[d][w.Endpoint] = x.joined(out[d][w.Endpoint], r)
		}
	}
	return out
}

// requests is a way as lines have it.
func (x *gatewayLines) requests(src *Peer, d door, w *GatewayWay, written []GatewayWay, entered model.Outcome) *Requests {
	r := &Requests{Conns: algebra.PortsIn(src.Range.Family(), algebra.TCP, d.port, d.port), Bounds: w.Bounds, shown: w.Bounds, paths: x.g.sp.All(),
		space: x.g.sp, Gateway: d.gateway, Listener: d.listener, Reasons: w.Reasons}
	for i := range written {
		if y := &written[i]; y.Listener == w.Listener && y.Endpoint == w.Endpoint && y.Port == w.Port {
			r.shown = y.Bounds
		}
	}
	if entered == model.Undetermined {
		r.Sure, r.shown.Sure = x.g.sp.None(), x.g.sp.None()
	}
	return r
}

// joined is what gets to any port of an endpoint.
func (x *gatewayLines) joined(a, b *Requests) *Requests {
	if a == nil {
		return b
	}
	sp := x.g.sp
	out := *a
	out.Bounds = admit.Bounds{Sure: sp.Union(a.Sure, b.Sure), May: sp.Union(a.May, b.May)}
	out.shown = admit.Bounds{Sure: sp.Union(a.shown.Sure, b.shown.Sure), May: sp.Union(a.shown.May, b.shown.May)}
	return &out
}

// answers are what clients see of requests that get through to nothing by a listener:
// of each part that a route takes, or none does, what a smallest request of it is
// answered with.
func (x *gatewayLines) answers(from model.Party, gateway, listener int) string {
	gw, sp := &x.s.m.Gateways[gateway], x.g.sp
	l := &gw.Listeners[listener]
	passing := sp.None()
	if x.g.table != nil { // of other paths nothing is said
		passing = sp.Complement(x.g.table.Paths())
	}
	for _, w := range x.g.From(from, gateway) {
		if gw.Listeners[w.Listener].Port == l.Port && gw.Listeners[w.Listener].Protocol == l.Protocol {
			passing = sp.Union(passing, w.May)
		}
	}
	var out []string
	for _, b := range x.g.routes.AtGateway(gw, l) {
		if b.Listener != listener {
			continue
		}
		w, some := sp.Witness(sp.Minus(b.Requests.May, passing))
		if !some {
			continue
		}
		for _, f := range x.s.toListener(from, gw, l, admit.Request(w)) {
			v := x.s.Verdict(f)
			if text := answer(v.Symptom); v.Outcome == model.Denied && !slices.Contains(out, text) {
				out = append(out, text)
			}
			break
		}
	}
	slices.Sort(out)
	return strings.Join(out, " or ")
}

// answer is a symptom in short: a status is its number.
func answer(s model.Symptom) string {
	text := string(s)
	if code, _, ok := strings.Cut(text, " "); ok && len(code) == 3 && strings.Trim(code, "0123456789") == "" {
		return code
	}
	return text
}

// of returns what members of a peer get, and whether all agree.
func (x *gatewayLines) of(p *Peer, at map[int]*Requests) (*Requests, bool) {
	if p == nil {
		return nil, true
	}
	first := at[p.Endpoints[0]]
	for _, e := range p.Endpoints[1:] {
		if !sameWay(first, at[e]) {
			return nil, false
		}
	}
	return first, true
}

func sameWay(a, b *Requests) bool {
	return a == b || a != nil && b != nil && a.alike(b)
}

// throughOnly is what gets through a gateway as a line has it: requests sent to a port
// of the gateway, and no connection from one peer to the other.
func throughOnly(r *Requests) *Connections {
	out := &Connections{Ports: "none", Whole: &Connections{Ports: "none"}}
	if r == nil {
		return out
	}
	if out.Requests, out.May = []Requests{*r}, r.Conns; !r.Sure.IsEmpty() {
		out.Allow = r.Conns
	}
	return out
}
