package admit

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/model"
)

// Bounds are the requests for which something holds for certain, and those for
// which it may hold, which hold the first.
type Bounds struct{ Sure, May request.Set }

// Settled tells whether nothing is open.
func (b Bounds) Settled() bool { return b.Sure == b.May }

// Holds tells whether a request is in both sets, in the larger one alone, or in none.
func (b Bounds) Holds(sp *request.Space, r *model.Request) algebra.Tri {
	values := Values(r)
	switch {
	case sp.ContainsFunc(b.Sure, values):
		return algebra.Yes
	case sp.ContainsFunc(b.May, values):
		return algebra.Maybe
	}
	return algebra.No
}

// real is b without the requests that cannot be for their path, and every request
// where it holds all that can be: what is compared. Sets that differ in nothing
// else are equal then.
func (b Bounds) real(sp *request.Space, paths request.Set) Bounds {
	one := func(s request.Set) request.Set {
		if sp.Subset(paths, s) {
			return sp.All()
		}
		return sp.Intersect(s, paths)
	}
	return Bounds{one(b.Sure), one(b.May)}
}

func both(s request.Set) Bounds { return Bounds{s, s} }

// constant is what holds, may hold or does not for every request.
func constant(sp *request.Space, t algebra.Tri) Bounds {
	switch t {
	case algebra.Yes:
		return both(sp.All())
	case algebra.Maybe:
		return Bounds{sp.None(), sp.All()}
	}
	return both(sp.None())
}

func (b Bounds) and(sp *request.Space, c Bounds) Bounds {
	return Bounds{sp.Intersect(b.Sure, c.Sure), sp.Intersect(b.May, c.May)}
}

func (b Bounds) or(sp *request.Space, c Bounds) Bounds {
	return Bounds{sp.Union(b.Sure, c.Sure), sp.Union(b.May, c.May)}
}

func (b Bounds) not(sp *request.Space) Bounds {
	return Bounds{sp.Complement(b.May), sp.Complement(b.Sure)}
}

// either is what holds where one of two things is so, and it is not known which.
func (b Bounds) either(sp *request.Space, c Bounds) Bounds {
	return Bounds{sp.Intersect(b.Sure, c.Sure), sp.Union(b.May, c.May)}
}

// capped is b where it is not certain to count: at most a maybe.
func (b Bounds) capped(sp *request.Space, t algebra.Tri) Bounds {
	switch t {
	case algebra.Yes:
		return b
	case algebra.Maybe:
		return Bounds{sp.None(), b.May}
	}
	return both(sp.None())
}
