package algebra

// Union returns the values that are in s or in t.
func (s Set) Union(t Set) Set {
	switch {
	case t.SubsetOf(s):
		return s
	case s.SubsetOf(t):
		return t
	}
	return AppendUnion(make(Set, 0, len(s)+len(t)), s, t)
}

// Intersect returns the values that are in both s and t.
func (s Set) Intersect(t Set) Set {
	switch {
	case s.SubsetOf(t):
		return s
	case t.SubsetOf(s):
		return t
	case !s.Overlaps(t):
		return nil
	}
	return AppendIntersect(make(Set, 0, max(len(s), len(t))), s, t)
}

// Subtract returns the values of s that are not in t.
func (s Set) Subtract(t Set) Set {
	switch {
	case !s.Overlaps(t):
		return s
	case s.SubsetOf(t):
		return nil
	}
	return AppendSubtract(make(Set, 0, len(s)+1), s, t)
}

// AppendUnion returns the union of a and b, written over dst from its start and grown when it is too
// small. The result is valid until dst is used again. dst must not share memory with a or b.
func AppendUnion(dst, a, b Set) Set {
	dst = dst[:0]
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if a[i].Lo <= b[j].Lo {
			dst = push(dst, a[i])
			i++
		} else {
			dst = push(dst, b[j])
			j++
		}
	}
	for ; i < len(a); i++ {
		dst = push(dst, a[i])
	}
	for ; j < len(b); j++ {
		dst = push(dst, b[j])
	}
	return dst
}

// AppendIntersect returns the intersection of a and b, written like that of [AppendUnion].
func AppendIntersect(dst, a, b Set) Set {
	dst = dst[:0]
	for i, j := 0, 0; i < len(a) && j < len(b); {
		x, y := a[i], b[j]
		if x.Hi < y.Lo {
			i = seek(a, i, y.Lo)
			continue
		}
		if y.Hi < x.Lo {
			j = seek(b, j, x.Lo)
			continue
		}
		// Two pieces are never adjacent: their seam would lie inside one interval of a and one of b.
		dst = append(dst, Interval{max(x.Lo, y.Lo), min(x.Hi, y.Hi)})
		if x.Hi < y.Hi {
			i++
		} else {
			j++
		}
	}
	return dst
}

// AppendSubtract returns the values of a that are not in b, written like that of [AppendUnion].
func AppendSubtract(dst, a, b Set) Set {
	dst = dst[:0]
	j := 0
	for _, x := range a {
		lo, done := x.Lo, false
		for j = seek(b, j, x.Lo); j < len(b) && b[j].Lo <= x.Hi; j++ {
			if b[j].Lo > lo {
				dst = append(dst, Interval{lo, b[j].Lo - 1})
			}
			// An interval of b that reaches past x may also cover the next of a, so it stays current.
			if done = b[j].Hi >= x.Hi; done {
				break
			}
			lo = b[j].Hi + 1
		}
		if !done {
			dst = append(dst, Interval{lo, x.Hi})
		}
	}
	return dst
}

// push adds x to dst, whose last interval does not start after x, and merges the two when they touch.
func push(dst Set, x Interval) Set {
	if n := len(dst); n > 0 && (x.Lo == 0 || x.Lo-1 <= dst[n-1].Hi) {
		dst[n-1].Hi = max(dst[n-1].Hi, x.Hi)
		return dst
	}
	return append(dst, x)
}
