package random

import (
	"math/rand/v2"
	"net/netip"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/oracle"
)

// Questions returns n random questions about a model, of the kind that finds
// mistakes: ports and addresses at the edges of the sets in its rules.
func Questions(r *rand.Rand, m *model.Model, n int) []oracle.Question {
	a := &asker{g: &gen{r: r, m: m}, m: m, keys: keys(m), addrs: outside(m)}
	out := make([]oracle.Question, n)
	for i := range out {
		out[i] = a.question()
	}
	return out
}

// asker knows what is interesting about a model.
type asker struct {
	g     *gen
	m     *model.Model
	keys  []uint32
	addrs []netip.Addr
}

func (a *asker) question() oracle.Question {
	var q oracle.Question
	q.From, q.To = a.parties()
	q.Family, q.Protocol, q.Port = algebra.ConnParts(pick(a.g, a.keys...))
	if q.From.Kind == model.PartyAddress || q.To.Kind == model.PartyAddress || a.g.chance(95) {
		q.Family = a.family(q)
	}
	if q.Protocol.HasPorts() && q.Port == 0 {
		q.Port = 1 // no connection has port 0
	}
	return q
}

// parties returns the two ends: mostly endpoints, and seldom none.
func (a *asker) parties() (from, to model.Party) {
	from, to = a.endpoint(), a.endpoint()
	switch n := a.g.r.IntN(20); {
	case n < 4:
		from = a.address()
	case n < 9:
		to = a.address()
	case n < 11:
		to = model.Party{Kind: model.PartyHost, Host: pick(a.g, "example.com", "api.example.com", "API.example.com.",
			"a.api.example.com", "notexample.com", "example.org", "com")}
	case n < 12:
		to = from
	}
	if from.Kind == model.PartyAddress && to.Kind == model.PartyAddress {
		to = from // two addresses of different families could not even try
	}
	return from, to
}

func (a *asker) endpoint() model.Party {
	if len(a.m.Endpoints) == 0 {
		return a.address()
	}
	return model.Party{Kind: model.PartyEndpoint, Index: a.g.r.IntN(len(a.m.Endpoints))}
}

func (a *asker) address() model.Party {
	return model.Party{Kind: model.PartyAddress, Addr: pick(a.g, a.addrs...)}
}

// family returns a family that both ends may have, if there is one, and always
// that of an address.
func (a *asker) family(q oracle.Question) algebra.Family {
	from4, from6 := a.families(q.From)
	to4, to6 := a.families(q.To)
	switch {
	case q.To.Kind == model.PartyAddress && to4:
		return algebra.IPv4
	case q.From.Kind == model.PartyAddress && from4:
		return algebra.IPv4
	case !from4 || !to4:
		return algebra.IPv6
	case !from6 || !to6:
		return algebra.IPv4
	}
	return pick(a.g, algebra.IPv4, algebra.IPv6)
}

func (a *asker) families(p model.Party) (v4, v6 bool) {
	switch p.Kind {
	case model.PartyEndpoint:
		return a.m.Endpoints[p.Index].Families()
	case model.PartyAddress:
		return p.Addr.Is4(), !p.Addr.Is4()
	}
	return true, true
}
