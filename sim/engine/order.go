package engine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// Sets of classes are runs of numbers, so numbering decides how long they are.
// Classes are numbered by namespace, and both namespaces and the classes in one
// by the values of the label keys that selectors use, the key with the fewest
// values first: what a selector chooses then stands together.

// keyUse says which label keys the selectors of a model use. They are few.
type keyUse struct{ ns, pod []string }

func usedKeys(m *model.Model) keyUse {
	var u keyUse
	for t := range m.Tiers {
		for _, p := range m.Tiers[t].Policies {
			u.selector(&p.Subject)
			for r := range p.Rules {
				for i := range p.Rules[r].Peers {
					if s := p.Rules[r].Peers[i].Pods; s != nil {
						u.selector(s)
					}
				}
			}
		}
	}
	return u
}

func (u *keyUse) selector(s *model.Selector) {
	u.ns = addKeys(u.ns, s.NamespaceLabels)
	u.pod = addKeys(u.pod, s.PodLabels)
}

func addKeys(keys []string, e *model.Expr) []string {
	if e == nil {
		return keys
	}
	if e.Key != "" && !slices.Contains(keys, e.Key) {
		keys = append(keys, e.Key)
	}
	for _, a := range e.Args {
		keys = addKeys(keys, a)
	}
	return keys
}

// ranker compares labels by the used keys, the one with the fewest values first.
type ranker struct{ keys []string }

func newRanker(used []string, sets [][]model.Label) ranker {
	values := map[string]map[string]bool{}
	for _, labels := range sets {
		for _, l := range labels {
			if !slices.Contains(used, l.Key) {
				continue
			}
			if values[l.Key] == nil {
				values[l.Key] = map[string]bool{}
			}
			values[l.Key][l.Value] = true
		}
	}
	var r ranker
	for k := range values {
		r.keys = append(r.keys, k)
	}
	slices.SortFunc(r.keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(values[a]), len(values[b])), strings.Compare(a, b))
	})
	return r
}

// key returns the values in the order they are compared in.
func (r ranker) key(l model.Labels) []string {
	out := make([]string, len(r.keys))
	for i, k := range r.keys {
		if v, ok := l.Get(k); ok {
			out[i] = "=" + v
		}
	}
	return out
}

// renumber puts the classes in their final order.
func (c *classes) renumber(m *model.Model) {
	used := usedKeys(m)
	number := c.orderSpaces(used)
	rank := rankSets(newRanker(used.pod, c.labelSets), c.labelSets)
	order := make([]classPlace, len(c.list))
	for k := range c.list {
		cl := &c.list[k]
		order[k] = classPlace{space: ^uint32(0), rank: rank[cl.labels], class: uint32(k)} // nodes come last
		if cl.ns >= 0 {
			cl.ns = number[cl.ns]
			order[k].space = uint32(cl.ns)
			c.podEnd++
		}
	}
	slices.SortFunc(order, comparePlaces)
	c.permute(order)
}

// classPlace is what decides where a class stands.
type classPlace struct{ space, rank, class uint32 }

func comparePlaces(a, b classPlace) int {
	return cmp.Or(cmp.Compare(a.space, b.space), cmp.Compare(a.rank, b.rank), cmp.Compare(a.class, b.class))
}

// rankSets returns the rank of each label set among all.
func rankSets(r ranker, sets [][]model.Label) []uint32 {
	keys := make([][]string, len(sets))
	order := make([]int, len(sets))
	for i, l := range sets {
		keys[i], order[i] = r.key(l), i
	}
	slices.SortStableFunc(order, func(a, b int) int { return slices.Compare(keys[a], keys[b]) })
	rank := make([]uint32, len(sets))
	for n, i := range order {
		rank[i] = uint32(n)
	}
	return rank
}

// orderSpaces puts the namespaces in order and returns their new numbers.
func (c *classes) orderSpaces(used keyUse) []int32 {
	sets := make([][]model.Label, len(c.spaces))
	order := make([]int32, len(c.spaces))
	for i := range c.spaces {
		sets[i], order[i] = c.spaces[i].labels, int32(i)
	}
	rank := rankSets(newRanker(used.ns, sets), sets)
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(rank[a], rank[b]) })
	spaces, number := make([]space, len(order)), make([]int32, len(order))
	for n, i := range order {
		spaces[n], number[i] = c.spaces[i], int32(n)
	}
	c.spaces = spaces
	return number
}

// permute renumbers the classes; namespaces get their runs.
func (c *classes) permute(order []classPlace) {
	list := make([]class, len(order))
	to := make([]uint32, len(order))
	for n, p := range order {
		list[n] = c.list[p.class]
		to[p.class] = uint32(n)
		if ns := list[n].ns; ns >= 0 {
			sp := &c.spaces[ns]
			if sp.first == sp.last {
				sp.first = uint32(n)
			}
			sp.last = uint32(n) + 1
		}
	}
	c.list = list
	for i, k := range c.of {
		c.of[i] = to[k]
	}
}
