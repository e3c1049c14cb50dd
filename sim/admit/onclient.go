package admit

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

// onClient is a condition on clients, one value for equal ones, with the identities
// for which it holds or may hold: few of many, as a rule.
type onClient struct {
	matcher *l7.Matcher
	exact   []string // it asks for one of these principals
	met     []met
	asked   int // of the table's identities, how many were asked
}

type met struct {
	identity int32
	holds    algebra.Tri
}

// clientCond returns the value for a leaf over the client.
func (t *Table) clientCond(x *model.Cond) *onClient {
	key := fmt.Sprintf("%p", x)
	if x.Attr == model.AttrPrincipal {
		var b strings.Builder
		for _, p := range x.Patterns {
			fmt.Fprintf(&b, "%d %t %q ", p.Kind, p.Fold, p.Value)
		}
		key = b.String()
	}
	c := t.onClients[key]
	if c == nil {
		c = &onClient{matcher: t.c.matcher(x), exact: principals(x)}
		t.onClients[key] = c
	}
	return c
}

// principals are those of which a leaf asks for one; none where it asks otherwise.
func principals(x *model.Cond) []string {
	var out []string
	for _, p := range x.Patterns {
		if x.Attr != model.AttrPrincipal || p.Kind != model.PatternExact || p.Fold || p.Value == "" {
			return nil
		}
		out = append(out, p.Value)
	}
	return out
}

// ask asks it of the identities that came since it was asked last.
func (c *onClient) ask(t *Table) {
	if c.exact != nil {
		c.look(t)
		return
	}
	var seen model.Seen
	for ; c.asked < len(t.identities); c.asked++ {
		id := &t.identities[c.asked]
		seen.Principal, seen.Peer, seen.Remote = id.principal, id.peer, id.peer
		if holds := c.matcher.Holds(&seen); holds != algebra.No {
			c.met = append(c.met, met{int32(c.asked), holds})
		}
	}
}

// look is ask where the principals are known: by them.
func (c *onClient) look(t *Table) {
	var found []int32
	for _, p := range c.exact {
		for _, id := range t.byPrincipal[p] {
			if int(id) >= c.asked {
				found = append(found, id)
			}
		}
	}
	slices.Sort(found)
	for _, id := range slices.Compact(found) {
		c.met = append(c.met, met{id, algebra.Yes})
	}
	c.asked = len(t.identities)
}

// signature is equal for identities for which all conditions of a destination's
// policies on clients agree; 0 where none of them holds or may hold.
func (t *Table) signature(d *dest, id int32) int32 {
	c := d.chains
	if len(c.onClient) == 0 {
		return 0
	}
	if int(id) >= len(c.signatures) {
		c.sign(t)
	}
	return c.signatures[id]
}

// sign finds the signatures of the identities that came since it was last called.
func (c *chains) sign(t *Table) {
	known := int32(len(c.signatures))
	keys := map[int32][]byte{}
	for i, x := range c.onClient {
		x.ask(t)
		for j := len(x.met) - 1; j >= 0 && x.met[j].identity >= known; j-- {
			m := x.met[j]
			keys[m.identity] = append(binary.AppendUvarint(keys[m.identity], uint64(i)), byte(m.holds))
		}
	}
	c.signatures = append(c.signatures, make([]int32, len(t.identities)-len(c.signatures))...)
	for id, key := range keys {
		sig, known := c.sigs[string(key)]
		if !known {
			sig = int32(len(c.sigs)) + 1
			c.sigs[string(key)] = sig
		}
		c.signatures[id] = sig
	}
}
