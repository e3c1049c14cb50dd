package engine

// slab hands out memory for many small slices of one life: there are tens of
// thousands of them, and each allocation of its own would cost more than what
// is done with it.
type slab[T any] struct {
	free  []T
	chunk int // how many to allocate at least
}

// take returns a slice of n zero values with no room behind.
func (s *slab[T]) take(n int) []T {
	if n == 0 {
		return nil
	}
	if n > len(s.free) {
		s.free = make([]T, max(n, s.chunk))
	}
	out := s.free[:n:n]
	s.free = s.free[n:]
	return out
}

// one returns a single zero value.
func (s *slab[T]) one() *T { return &s.take(1)[0] }
