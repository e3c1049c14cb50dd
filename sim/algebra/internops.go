package algebra

// Union returns the ID of the union of the sets a and b.
func (in *Interner) Union(a, b ID) ID {
	switch {
	case a == b || b == NoneID || a == AllID:
		return a
	case a == NoneID || b == AllID:
		return b
	}
	return in.apply(opUnion, min(a, b), max(a, b))
}

// Intersect returns the ID of the intersection of the sets a and b.
func (in *Interner) Intersect(a, b ID) ID {
	switch {
	case a == b || b == AllID || a == NoneID:
		return a
	case a == AllID || b == NoneID:
		return b
	}
	return in.apply(opIntersect, min(a, b), max(a, b))
}

// Subtract returns the ID of the set of the values of a that are not in b.
func (in *Interner) Subtract(a, b ID) ID {
	switch {
	case a == b || a == NoneID || b == AllID:
		return NoneID
	case b == NoneID:
		return a
	}
	return in.apply(opSubtract, a, b)
}

// apply returns the remembered result of o on a and b, or computes and remembers it.
func (in *Interner) apply(o op, a, b ID) ID {
	key := uint64(a)<<32 | uint64(b)
	if id, ok := in.recall(o, key, max(a, b)); ok {
		return id
	}
	x, y := in.Set(a), in.Set(b)
	switch o {
	case opUnion:
		in.buf = AppendUnion(in.buf, x, y)
	case opIntersect:
		in.buf = AppendIntersect(in.buf, x, y)
	default:
		in.buf = AppendSubtract(in.buf, x, y)
	}
	id := in.ID(in.buf)
	in.memo[o][key] = id
	return id
}

// recall looks key up in this layer and the parents that know top, the larger operand.
func (in *Interner) recall(o op, key uint64, top ID) (ID, bool) {
	// A result that a parent computed after the clone has an ID that is another set here.
	for limit := ^ID(0); in != nil && top < limit; in, limit = in.parent, in.base {
		if id, ok := in.memo[o][key]; ok && id < limit {
			return id, true
		}
	}
	return 0, false
}
