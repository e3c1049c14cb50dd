package request

import "github.com/netfate/netfate/sim/algebra/lang"

type op uint8

const (
	union op = iota
	intersect
	minus
)

// Union returns the requests in a or b.
func (sp *Space) Union(a, b Set) Set { return sp.operate(union, a, b) }

// Intersect returns the requests in both a and b.
func (sp *Space) Intersect(a, b Set) Set { return sp.operate(intersect, a, b) }

// Minus returns the requests in a and not in b.
func (sp *Space) Minus(a, b Set) Set { return sp.operate(minus, a, b) }

// Complement returns the requests that are not in s.
func (sp *Space) Complement(s Set) Set { return sp.operate(minus, sp.All(), s) }

// Subset tells whether all requests of a are known to be in b.
func (sp *Space) Subset(a, b Set) bool { return sp.Minus(a, b).IsEmpty() }

// UnionAll returns the requests in one of the sets.
func (sp *Space) UnionAll(sets ...Set) Set { return sp.fold(union, sp.None(), sets) }

// IntersectAll returns the requests in all of the sets; those of none are all requests.
func (sp *Space) IntersectAll(sets ...Set) Set { return sp.fold(intersect, sp.All(), sets) }

// fold halves, so that large results are combined a few times only.
func (sp *Space) fold(o op, unit Set, sets []Set) Set {
	switch len(sets) {
	case 0:
		return unit
	case 1:
		return sets[0]
	}
	half := len(sets) / 2
	return sp.operate(o, sp.fold(o, unit, sets[:half]), sp.fold(o, unit, sets[half:]))
}

func (sp *Space) operate(o op, a, b Set) Set {
	sp.budget = MaxSteps
	return Set{sp.apply(o, a.id, b.id)}
}

// simple returns the result of an operation that needs no walk.
func (sp *Space) simple(o op, a, b int32) (int32, bool) {
	switch {
	case sp.nodes[a].err != nil:
		return a, true
	case sp.nodes[b].err != nil:
		return b, true
	case o == union && (a == b || b == noneID || a == allID):
		return a, true
	case o == union && (a == noneID || b == allID):
		return b, true
	case o == intersect && (a == b || b == allID || a == noneID):
		return a, true
	case o == intersect && (a == allID || b == noneID):
		return b, true
	case o == minus && (a == b || a == noneID || b == allID):
		return noneID, true
	case o == minus && b == noneID:
		return a, true
	}
	return 0, false
}

// apply returns the node of an operation on two nodes.
func (sp *Space) apply(o op, a, b int32) int32 {
	if id, ok := sp.simple(o, a, b); ok {
		return id
	}
	if o != minus && a > b {
		a, b = b, a
	}
	key := operation{o, a, b}
	if id, ok := sp.tables.result(key); ok {
		return id
	}
	id := sp.walk(o, a, b)
	if sp.nodes[id].err == nil {
		sp.tables.results[key] = id
	}
	return id
}

// walk combines the classes of two nodes.
func (sp *Space) walk(o op, a, b int32) int32 {
	x, y := sp.nodes[a], sp.nodes[b]
	switch {
	case x.dim < y.dim:
		return sp.relabel(x, func(next int32) int32 { return sp.apply(o, next, b) })
	case y.dim < x.dim:
		return sp.relabel(y, func(next int32) int32 { return sp.apply(o, a, next) })
	}
	failed := noneID
	join := func(next, other int32) int32 {
		if next == outside {
			return outside
		}
		return sp.known(sp.apply(o, next, other), &failed)
	}
	classes, spent, err := lang.Join(x.classes, y.classes, join, min(sp.budget, lang.MaxStates))
	sp.budget -= spent
	switch {
	case failed != noneID:
		return failed
	case err != nil:
		return sp.Undetermined(err).id
	}
	return sp.make(x.dim, classes)
}

// relabel returns the node whose classes lead to what f says of the next nodes.
func (sp *Space) relabel(n node, f func(next int32) int32) int32 {
	if sp.budget -= n.classes.States(); sp.budget < 0 {
		return sp.Undetermined(&lang.LimitError{What: "states of one operation on requests", Limit: MaxSteps}).id
	}
	failed := noneID
	classes := n.classes.Relabel(func(next int32) int32 {
		if next == outside {
			return outside
		}
		return sp.known(f(next), &failed)
	})
	if failed != noneID {
		return failed
	}
	return sp.make(n.dim, classes)
}

// known returns a node, or none and notes the first that stands for a set that is not known.
func (sp *Space) known(id int32, failed *int32) int32 {
	if sp.nodes[id].err == nil {
		return id
	}
	if *failed == noneID {
		*failed = id
	}
	return noneID
}
