package engine

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Classes returns how many classes there are.
func (e *Engine) Classes() int { return len(e.c.list) }

// Rows returns how many different rows the classes have, ingress and egress.
func (e *Engine) Rows() int {
	return len(e.groups(model.Egress, everyClass)) + len(e.groups(model.Ingress, everyClass))
}

func everyClass(uint32) bool { return true }

// ClassOf returns the class of an endpoint.
func (e *Engine) ClassOf(endpoint int) uint32 { return e.c.of[endpoint] }

// Members returns the endpoints of a class.
func (e *Engine) Members(k uint32) []int32 { return e.c.membersOf(k) }

// ClassSizeIn returns how many of the endpoints are of a class, counting no
// further than two.
func (e *Engine) ClassSizeIn(k uint32, endpoints []int) int {
	n := 0
	for _, i := range endpoints {
		if e.c.of[i] == k {
			if n++; n == 2 {
				break
			}
		}
	}
	return n
}

// ExternalRanges returns the parts of the address space, both families, that
// the blocks of a direction's rules tell apart, in order: sources for Ingress,
// destinations for Egress.
func (e *Engine) ExternalRanges(d model.Direction) []algebra.AddrRange {
	var sets []algebra.AddrSet
	seen := map[*model.Block]bool{}
	m := e.Model()
	for t := range m.Tiers {
		for _, p := range m.Tiers[t].Policies {
			if p.Direction == d {
				sets = appendBlocks(sets, seen, p)
			}
		}
	}
	return algebra.Partition(sets)
}

func appendBlocks(sets []algebra.AddrSet, seen map[*model.Block]bool, p *model.Policy) []algebra.AddrSet {
	for r := range p.Rules {
		for i := range p.Rules[r].Peers {
			if b := p.Rules[r].Peers[i].Block; b != nil && !seen[b] {
				seen[b] = true
				sets = append(sets, b.Addrs)
			}
		}
	}
	return sets
}

// ToAddr returns what class k may send to a range of addresses that no rule parts.
func (p *Pairs) ToAddr(k uint32, r algebra.AddrRange) Value { return p.addr(model.Egress, k, r) }

// FromAddr returns what class k accepts from a range of addresses that no rule parts.
func (p *Pairs) FromAddr(k uint32, r algebra.AddrRange) Value { return p.addr(model.Ingress, k, r) }

func (p *Pairs) addr(d model.Direction, k uint32, r algebra.AddrRange) Value {
	fam := p.e.c.list[k].fam & (1 << r.Family())
	return p.within(p.e.rows[d].at(k).atAddr(r.From), fam)
}

// Model returns the model that was compiled.
func (e *Engine) Model() *model.Model {
	if e.after != nil {
		return e.after.model()
	}
	return e.m
}
