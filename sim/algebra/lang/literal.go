package lang

import (
	"slices"
	"strings"
)

// Literal returns the set of s alone.
func Literal(s string) Lang { return OneOf(s) }

// LiteralFold returns the strings equal to s but for the case of ASCII letters.
func LiteralFold(s string) Lang { return Literal(lower(s)).Fold() }

// OneOf returns the set of the given strings.
func OneOf(texts ...string) Lang {
	if len(texts) == 0 {
		return Empty()
	}
	sorted := slices.Clone(texts)
	slices.Sort(sorted)
	sorted = slices.Compact(sorted)
	m := newMachine()
	m.trie(sorted)
	return of(m.minimize())
}

// trie fills m with a tree that accepts sorted and distinct strings. State 1 accepts nothing.
func (m *machine) trie(sorted []string) {
	type node struct {
		texts []string
		depth int
	}
	todo := []node{{sorted, 0}, {nil, 0}}
	for i := 0; i < len(todo); i++ {
		n := todo[i]
		texts, out := n.texts, int32(0)
		if len(texts) > 0 && len(texts[0]) == n.depth {
			texts, out = texts[1:], 1
		}
		m.add(out)
		next := 0
		for len(texts) > 0 {
			c := texts[0][n.depth]
			same := 1
			for same < len(texts) && texts[same][n.depth] == c {
				same++
			}
			if int(c) > next {
				m.edge(c-1, 1)
			}
			m.edge(c, int32(len(todo)))
			todo = append(todo, node{texts[:same], n.depth + 1})
			texts, next = texts[same:], int(c)+1
		}
		if next < 256 {
			m.edge(255, 1)
		}
		m.close()
	}
}

// Prefix returns the strings that begin with s, s itself included.
func Prefix(s string) Lang {
	m := newMachine()
	rest, never := int32(len(s)), int32(len(s)+1)
	for i := range len(s) {
		m.add(0)
		if s[i] > 0 {
			m.edge(s[i]-1, never)
		}
		m.edge(s[i], int32(i)+1)
		if s[i] < 255 {
			m.edge(255, never)
		}
		m.close()
	}
	for _, sink := range []int32{rest, never} {
		m.add(never - sink)
		m.edge(255, sink)
		m.close()
	}
	return of(m.reachable().minimize())
}

// Suffix returns the strings that end with s, s itself included.
func Suffix(s string) Lang { return Concat(All(), Literal(s)) }

// Containing returns the strings that have s somewhere in them.
func Containing(s string) Lang { return Concat(All(), Literal(s), All()) }

// NonEmpty returns all strings but the empty one.
func NonEmpty() Lang { return Literal("").Complement() }

// Bytes returns the strings of any length, the empty one included, whose bytes are all kept.
func Bytes(keep func(b byte) bool) Lang {
	m := newMachine()
	m.add(1)
	for b := range 256 {
		to := int32(1)
		if keep(byte(b)) {
			to = 0
		}
		m.edge(byte(b), to)
	}
	m.close()
	m.add(0)
	m.edge(255, 1)
	m.close()
	return of(m.reachable().minimize())
}

// PathPrefix returns the paths that have p as their first elements: "/foo" and "/foo/" both stand for
// "/foo" and everything under "/foo/", and not for "/foobar". "/" stands for every string that begins
// with a slash, and for the empty one. This is PathPrefix of the Gateway API (HTTPPathMatch).
func PathPrefix(p string) Lang {
	p = strings.TrimRight(p, "/")
	return Literal(p).Union(Prefix(p + "/"))
}

// HostWildcard returns the hosts that a pattern such as "*.example.com" stands for: any number of
// labels before the rest, at least one, and so never the apex. A host without "*." stands for itself.
// Patterns are read as lower case. The rule is that of the Gateway API (Hostname) and Envoy.
func HostWildcard(pattern string) Lang { return host(pattern, NonEmpty()) }

// HostWildcardOne is HostWildcard with exactly one label in place of the star, as Ingress has it.
func HostWildcardOne(pattern string) Lang {
	label := Bytes(func(b byte) bool { return b != '.' })
	return host(pattern, label.Minus(Literal("")))
}

func host(pattern string, star Lang) Lang {
	pattern = lower(pattern)
	if pattern == "*" {
		return star
	}
	if rest, ok := strings.CutPrefix(pattern, "*."); ok {
		return Concat(star, Literal("."+rest))
	}
	return Literal(pattern)
}

// lower lowers ASCII letters only.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
