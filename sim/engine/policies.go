package engine

import (
	"cmp"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// policy is a model policy with its selectors resolved.
type policy struct {
	src      *model.Policy
	tier     int
	pos      int // position among all policies, the last word on order
	subject  algebra.Set
	outside  algebra.ID // connections beyond the policy's domain
	named    bool       // a rule's traffic depends on the subject's named ports
	rules    [][]variant
	variants int // over all rules
}

// variant is a part of a rule: peers with one set of connections.
type variant struct {
	classes algebra.Set
	ext     algebra.AddrSet
	certain bool
	peer    int32         // index of its peer in the rule, -1 for any peer
	doubt   *model.Reason // of its peer; nil: none
	conns   algebra.ID
	action  model.Action
	traffic *model.Traffic // set when conns depend on the subject's named ports
	fam     uint8
}

// compilePolicy resolves a policy; it returns nil for one that selects nothing.
// The policies of a direction and tier are compared by comparePolicies.
func (b *builder) compilePolicy(p *model.Policy, tier, pos int) *policy {
	subject := b.r.selector(&p.Subject)
	if subject.Empty() {
		return nil
	}
	out := b.policies.one()
	*out = policy{src: p, tier: tier, pos: pos, subject: subject, outside: b.outside(p.Domain), rules: b.ruleLists.take(len(p.Rules))}
	for i := range p.Rules {
		b.compileRule(p, &p.Rules[i])
		out.rules[i] = b.variants.take(len(b.found))
		copy(out.rules[i], b.found)
		out.variants += len(b.found)
		for j := range b.found {
			out.named = out.named || b.found[j].traffic != nil
		}
	}
	return out
}

// outside returns the connections beyond a domain. Nearly all policies have the
// same domain as the one before.
func (b *builder) outside(domain algebra.Set) algebra.ID {
	if domain == nil {
		return algebra.NoneID
	}
	if b.domain == nil || !b.domain.Equal(domain) {
		b.domain, b.beyond = domain, b.in.Subtract(algebra.AllID, b.in.ID(domain))
	}
	return b.beyond
}

// compileRule finds the variants of a rule.
func (b *builder) compileRule(p *model.Policy, rule *model.Rule) {
	b.found = b.found[:0]
	if rule.AnyPeer {
		v := variant{classes: b.all, ext: b.everywhere, fam: famBoth, peer: -1, action: rule.Action, certain: rule.Uncertain == nil}
		b.found = b.appendVariants(b.found, v, &rule.Traffic, p.Direction)
	}
	for i := range rule.Peers {
		b.matches = b.r.peer(b.matches[:0], &rule.Peers[i])
		for _, m := range b.matches {
			v := variant{classes: m.classes, ext: m.ext, fam: m.fam, peer: int32(i), doubt: rule.Peers[i].Uncertain,
				action: rule.Action, certain: m.certain && rule.Uncertain == nil}
			b.found = b.appendVariants(b.found, v, &rule.Traffic, p.Direction)
		}
	}
}

// appendVariants splits a match where its connections depend on the receiver's
// named ports: on ingress the receiver is the subject, on egress the peer.
func (b *builder) appendVariants(out []variant, v variant, t *model.Traffic, d model.Direction) []variant {
	switch {
	case v.classes.Empty() && v.ext.Empty():
		return out
	case len(t.Named) == 0 || t.Any:
		v.conns = b.traffic(t, nil, v.fam)
		return append(out, v)
	case d == model.Ingress:
		v.traffic = t
		return append(out, v)
	}
	return b.appendByPorts(out, v, t)
}

// appendByPorts splits the peers of an egress rule by what its named ports mean on them.
func (b *builder) appendByPorts(out []variant, v variant, t *model.Traffic) []variant {
	base, names := b.traffic(t, nil, v.fam), b.m.Profile.HostPodNames()
	sure, perhaps := newByConns(), newByConns()
	for k := range v.classes.Values() {
		cl := &b.c.list[k]
		switch {
		case cl.host && names == algebra.No:
			sure.add(base, k)
		case cl.host && names == algebra.Maybe:
			sure.add(base, k)
			perhaps.add(b.portConns(sure, t, cl.ports, v.fam), k)
		default:
			sure.add(b.portConns(sure, t, cl.ports, v.fam), k)
		}
	}
	out = sure.variants(out, v)
	if !v.ext.Empty() && base != algebra.NoneID {
		outside := v
		outside.classes, outside.conns = nil, base
		out = append(out, outside)
	}
	v.certain = false
	return perhaps.variants(out, v)
}

// portConns returns what the traffic means for the named ports of a number,
// worked out once for each.
func (b *builder) portConns(memo *byConns, t *model.Traffic, ports int32, fam uint8) algebra.ID {
	id, ok := memo.ports[ports]
	if !ok {
		id = b.traffic(t, b.c.portSets[ports], fam)
		memo.ports[ports] = id
	}
	return id
}

// byConns collects classes by the connections that a rule means for them.
type byConns struct {
	ids   []algebra.ID
	sets  map[algebra.ID]*algebra.Builder
	ports map[int32]algebra.ID
}

func newByConns() *byConns {
	return &byConns{sets: map[algebra.ID]*algebra.Builder{}, ports: map[int32]algebra.ID{}}
}

func (c *byConns) add(id algebra.ID, k uint32) {
	set := c.sets[id]
	if set == nil {
		set = &algebra.Builder{}
		c.sets[id] = set
		c.ids = append(c.ids, id)
	}
	set.Add(k, k)
}

// variants adds a variant like v for each set of connections but the empty one.
func (c *byConns) variants(out []variant, v variant) []variant {
	for _, id := range c.ids {
		if id != algebra.NoneID {
			v.classes, v.ext, v.conns = c.sets[id].Set(), nil, id
			out = append(out, v)
		}
	}
	return out
}

func comparePolicies(a, b *policy) int {
	return cmp.Or(
		cmp.Compare(a.tier, b.tier),
		cmp.Compare(a.src.Priority, b.src.Priority),
		strings.Compare(a.src.TieKey, b.src.TieKey),
		cmp.Compare(a.pos, b.pos),
	)
}
