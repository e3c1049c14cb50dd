package engine

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// postings say which pod classes have a label key, and with which value.
type postings struct {
	any    algebra.Set
	values map[string]algebra.Set
}

// labelIndex holds the postings of the keys that were asked for.
type labelIndex map[string]*postings

// labelEvaluator evaluates expressions over labels for runs of classes, as
// operations on sets: what an expression costs follows from the length of the
// sets and not from the number of classes.
type labelEvaluator struct {
	c    *classes
	base labelIndex // of the engine that this one's was made from; not written to
	mine labelIndex
}

func newLabelEvaluator(c *classes, base labelIndex) labelEvaluator {
	return labelEvaluator{c: c, base: base, mine: labelIndex{}}
}

func (l *labelEvaluator) postings(key string) *postings {
	if p := l.base[key]; p != nil {
		return p
	}
	p := l.mine[key]
	if p == nil {
		p = l.c.postings(key)
		l.mine[key] = p
	}
	return p
}

// postings goes through the classes once, asking each set of labels only once.
func (c *classes) postings(key string) *postings {
	number := map[string]int32{}
	values := []string{""}
	byLabels := make([]int32, len(c.labelSets)) // 0: without the key
	for i, l := range c.labelSets {
		v, ok := model.Labels(l).Get(key)
		if !ok {
			continue
		}
		n, known := number[v]
		if !known {
			n = int32(len(values))
			number[v] = n
			values = append(values, v)
		}
		byLabels[i] = n
	}
	sets := make([]algebra.Set, len(values))
	p := &postings{values: make(map[string]algebra.Set, len(values))}
	for k := range c.podEnd {
		if n := byLabels[c.list[k].labels]; n > 0 {
			sets[n] = appendClass(sets[n], k)
			p.any = appendClass(p.any, k)
		}
	}
	for n, v := range values[1:] {
		p.values[v] = sets[n+1]
	}
	return p
}

// appendClass adds a class that is greater than all in the set.
func appendClass(s algebra.Set, k uint32) algebra.Set {
	if n := len(s); n > 0 && s[n-1].Hi+1 == k {
		s[n-1].Hi = k
		return s
	}
	return append(s, algebra.Interval{Lo: k, Hi: k})
}

// matching returns the classes lo..hi-1 whose labels satisfy an expression.
func (l *labelEvaluator) matching(e *model.Expr, lo, hi uint32) algebra.Set {
	if lo >= hi {
		return nil
	}
	if e == nil {
		return algebra.Of(lo, hi-1)
	}
	switch e.Op {
	case model.OpIn:
		return l.in(e, lo, hi)
	case model.OpExists:
		return clip(l.postings(e.Key).any, lo, hi)
	case model.OpAnd:
		out := algebra.Of(lo, hi-1)
		for _, a := range e.Args {
			out = out.Intersect(l.matching(a, lo, hi))
		}
		return out
	case model.OpOr:
		sets := make([]algebra.Set, len(e.Args))
		for i, a := range e.Args {
			sets[i] = l.matching(a, lo, hi)
		}
		return algebra.UnionAll(sets)
	}
	return algebra.Of(lo, hi-1).Subtract(l.opposite(e, lo, hi))
}

// opposite returns what NotIn, NotExists and Not leave out.
func (l *labelEvaluator) opposite(e *model.Expr, lo, hi uint32) algebra.Set {
	switch e.Op {
	case model.OpNotIn:
		return l.in(e, lo, hi)
	case model.OpNotExists:
		return clip(l.postings(e.Key).any, lo, hi)
	}
	return l.matching(e.Args[0], lo, hi)
}

// in returns the classes with one of the expression's values.
func (l *labelEvaluator) in(e *model.Expr, lo, hi uint32) algebra.Set {
	p := l.postings(e.Key)
	if len(e.Values) == 1 {
		return clip(p.values[e.Values[0]], lo, hi)
	}
	sets := make([]algebra.Set, len(e.Values))
	for i, v := range e.Values {
		sets[i] = clip(p.values[v], lo, hi)
	}
	return algebra.UnionAll(sets)
}

// clip returns the part of a set in lo..hi-1, sharing memory where it can.
func clip(s algebra.Set, lo, hi uint32) algebra.Set {
	i := seek(s, lo)
	j := i + seek(s[i:], hi)
	if j < len(s) && s[j].Lo < hi {
		j++
	}
	if i == j {
		return nil
	}
	s = s[i:j:j]
	if s[0].Lo >= lo && s[len(s)-1].Hi < hi {
		return s
	}
	s = slices.Clone(s)
	s[0].Lo = max(s[0].Lo, lo)
	s[len(s)-1].Hi = min(s[len(s)-1].Hi, hi-1)
	return s
}

// seek returns the first interval that ends at v or later.
func seek(s algebra.Set, v uint32) int {
	lo, hi := 0, len(s)
	for lo < hi {
		if m := int(uint(lo+hi) >> 1); s[m].Hi < v {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}
