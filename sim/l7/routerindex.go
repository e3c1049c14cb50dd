package l7

import (
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// hostIndex finds the entries of a table for a host without looking at each.
type hostIndex struct {
	exact  map[string][]int32
	suffix map[string][]int32 // by ".example.com"
	rest   []int32            // entries for any host, and other patterns
	hosts  []pattern
}

func newHostIndex(hosts []model.HostRoutes) hostIndex {
	ix := hostIndex{exact: map[string][]int32{}, suffix: map[string][]int32{}, hosts: make([]pattern, len(hosts))}
	for i := range hosts {
		p := compilePattern(hosts[i].Host)
		ix.hosts[i] = p
		switch key := lower(p.value); p.kind {
		case model.PatternExact:
			ix.exact[key] = append(ix.exact[key], int32(i))
		case model.PatternHostSuffix:
			ix.suffix[key] = append(ix.suffix[key], int32(i))
		default:
			ix.rest = append(ix.rest, int32(i))
		}
	}
	return ix
}

// matching appends the entries that match a lower-case host, in the table's order.
func (ix *hostIndex) matching(host string, out []int32) []int32 {
	out = append(out, ix.exact[host]...)
	for i := 1; i < len(host); i++ {
		if host[i] == '.' {
			out = append(out, ix.suffix[host[i:]]...)
		}
	}
	for _, i := range ix.rest {
		if ix.hosts[i].match(host) {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return out
}

// pathIndex finds the rules that may match a path: those that ask for it, those
// that ask for one of its prefixes, and those that ask for nothing of the kind.
type pathIndex struct {
	exact, prefix map[string][]int32
	rest          []int32
}

func newPathIndex(rules []model.RouteRule) pathIndex {
	ix := pathIndex{exact: map[string][]int32{}, prefix: map[string][]int32{}}
	for i := range rules {
		switch p := requiredPath(rules[i].When); {
		case p == nil:
			ix.rest = append(ix.rest, int32(i))
		case p.Kind == model.PatternExact:
			ix.exact[p.Value] = append(ix.exact[p.Value], int32(i))
		default:
			key := strings.TrimRight(p.Value, "/")
			ix.prefix[key] = append(ix.prefix[key], int32(i))
		}
	}
	return ix
}

// requiredPath returns the one path, or element-wise prefix, that a condition
// asks for in every case; nil when there is none.
func requiredPath(c *model.Cond) *model.Pattern {
	if c == nil {
		return nil
	}
	switch c.Op {
	case model.CondMatch:
		if c.Attr == model.AttrPath && len(c.Patterns) == 1 && !c.Patterns[0].Fold {
			if p := &c.Patterns[0]; p.Kind == model.PatternExact || p.Kind == model.PatternPathPrefix {
				return p
			}
		}
	case model.CondAnd:
		for _, a := range c.Args {
			if p := requiredPath(a); p != nil {
				return p
			}
		}
	}
	return nil
}

// maxLists bounds the lists that one look-up merges; deeper paths look at every
// prefix by the rest.
const maxLists = 32

// cursor merges ascending lists of rules.
type cursor struct {
	lists [maxLists][]int32
	n     int
}

// find returns the rules that may match a path, in ascending order.
func (ix *pathIndex) find(path string) cursor {
	var c cursor
	c.add(ix.rest)
	if len(ix.exact) > 0 {
		c.add(ix.exact[path])
	}
	if len(ix.prefix) == 0 {
		return c
	}
	c.add(ix.prefix[""])
	for i := 1; i <= len(path); i++ {
		if i == len(path) || path[i] == '/' {
			c.add(ix.prefix[path[:i]])
		}
	}
	return c
}

func (c *cursor) add(list []int32) {
	if len(list) == 0 {
		return
	}
	if c.n == maxLists { // merge with the last: still ascending
		merged := slices.Concat(c.lists[maxLists-1], list)
		slices.Sort(merged)
		c.lists[maxLists-1] = merged
		return
	}
	c.lists[c.n] = list
	c.n++
}

// next returns the smallest rule that is left.
func (c *cursor) next() (int, bool) {
	best := -1
	for i := range c.n {
		if len(c.lists[i]) > 0 && (best < 0 || c.lists[i][0] < c.lists[best][0]) {
			best = i
		}
	}
	if best < 0 {
		return 0, false
	}
	j := c.lists[best][0]
	c.lists[best] = c.lists[best][1:]
	return int(j), true
}
