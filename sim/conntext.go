package sim

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/engine"
)

// Connections are what passes between two peers, exactly and in words.
type Connections struct {
	Allow algebra.Set // allowed for certain
	May   algebra.Set // allowed or undetermined; holds Allow
	// Ports is the allowed part of TCP, UDP and SCTP in words: "TCP 80,443-445; UDP 53",
	// "none", or "all" for every port of the three where no other protocol is
	// denied for certain.
	Ports string
	// Other is the allowed part of the other protocols (ICMP, ...) where Ports
	// does not imply it: "" is none of them, or as Ports says "all".
	Other string
	// Undetermined is the part of TCP, UDP and SCTP whose fate is open, "" for none.
	Undetermined string
	// Requests say of what connections the proxy of the destination lets in a part
	// only. Their connections are in Allow where something gets through for certain,
	// and in May where something may.
	Requests []Requests
	// Whole are those of which everything gets through; nil without Requests.
	Whole *Connections
}

// Empty tells whether nothing is allowed for certain.
func (c *Connections) Empty() bool { return c.Ports == "none" && c.Other == "" }

// describer turns values into words, each once.
type describer struct {
	p    *engine.Pairs
	fams []algebra.Family
	memo map[pairValue]*Connections
	// worded holds the words of what is allowed and may be: proxies let in many
	// different things over the same connections.
	worded map[engine.Value]*Connections
	adm    *Proxies
	space  *request.Space // of the proxies, and of gateways; nil where there are neither
	// certain holds the words of values without doubt, by ID.
	certain []*Connections
	// recent holds the words of values in doubt met lately: a matrix meets few of
	// them a million times.
	recent [64]struct {
		v pairValue
		c *Connections
	}
}

func (s *Simulator) describer(p *engine.Pairs) *describer {
	sp := newSpace(s)
	d := &describer{p: p, space: sp, adm: newProxies(s, sp), memo: map[pairValue]*Connections{}, worded: map[engine.Value]*Connections{}}
	if s.m.V4 {
		d.fams = append(d.fams, algebra.IPv4)
	}
	if s.m.V6 {
		d.fams = append(d.fams, algebra.IPv6)
	}
	return d
}

// of returns a value in words for connections of the given families, none for
// those of the cluster.
func (d *describer) of(v pairValue) *Connections {
	if v.Allow == v.May && v.by == (Admitted{}) {
		return d.sure(v.Allow)
	}
	slot := &d.recent[(uint32(v.Allow^v.May<<3)^uint32(v.by[0])*2654435761)%uint32(len(d.recent))]
	if slot.c != nil && slot.v == v {
		return slot.c
	}
	c, ok := d.memo[v]
	if !ok {
		allow, may, requests := d.adm.Narrow(d.p.Conns(v.Allow), d.p.Conns(v.May), v.by)
		words := *d.words(allow, may)
		c = &words
		c.through(requests, d.words)
		d.memo[v] = c
	}
	slot.v, slot.c = v, c
	return c
}

// words returns what connections are in words; it must not be changed.
func (d *describer) words(allow, may algebra.Set) *Connections {
	v := engine.Value{Allow: d.p.ID(allow), May: d.p.ID(may)}
	c, ok := d.worded[v]
	if !ok {
		c = describe(allow, may, d.fams)
		d.worded[v] = c
	}
	return c
}

// sure is of for what is allowed for certain.
func (d *describer) sure(id algebra.ID) *Connections {
	if int(id) >= len(d.certain) {
		d.certain = append(d.certain, make([]*Connections, int(id)+1-len(d.certain))...)
	}
	c := d.certain[id]
	if c == nil {
		c = describe(d.p.Conns(id), d.p.Conns(id), d.fams)
		d.certain[id] = c
	}
	return c
}

// describe words the connections over families; where only one family has any,
// that one alone is described.
func describe(allow, may algebra.Set, fams []algebra.Family) *Connections {
	c := &Connections{Allow: allow, May: may}
	var used []algebra.Family
	for _, f := range fams {
		if !algebra.InFamily(may, f).Empty() {
			used = append(used, f)
		}
	}
	if len(used) == 0 {
		c.Ports = "none"
		return c
	}
	ports, others := algebra.PortProtocols(), algebra.OtherProtocols()
	full := algebra.DropPortZero(inFamilies(ports, used))
	switch {
	case full.SubsetOf(allow) && inFamilies(others, used).SubsetOf(may):
		c.Ports = "all"
	default:
		c.Ports = algebra.FormatConns(allow.Intersect(ports), used...)
		c.Other = other(allow.Intersect(others), used)
	}
	if open := may.Subtract(allow).Intersect(ports); !open.Empty() {
		c.Undetermined = algebra.FormatConns(open, used...)
	}
	return c
}

// through adds of what connections only a part gets through.
func (c *Connections) through(list []Requests, words func(allow, may algebra.Set) *Connections) {
	if c.Requests = list; len(list) == 0 {
		return
	}
	whole := c.Allow
	for i := range list {
		whole = whole.Subtract(list[i].Conns)
	}
	c.Whole = words(whole, whole)
}

func inFamilies(s algebra.Set, fams []algebra.Family) algebra.Set {
	var out algebra.Set
	for _, f := range fams {
		out = out.Union(algebra.InFamily(s, f))
	}
	return out
}

func other(s algebra.Set, fams []algebra.Family) string {
	text := ""
	for _, f := range fams {
		part := algebra.FormatOther(s, f)
		if text != "" && part != text {
			return algebra.FormatConns(s, fams...)
		}
		text = part
	}
	return text
}
