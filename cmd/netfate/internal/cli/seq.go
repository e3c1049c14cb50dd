package cli

import (
	"context"
	"iter"
)

// checkEvery is how many values pass between two looks at the context.
const checkEvery = 1024

// Cancellable ends a sequence when the context is cancelled; the caller asks the
// context afterwards.
func Cancellable[T any](ctx context.Context, seq iter.Seq[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		n := 0
		for v := range seq {
			if n++; n%checkEvery == 0 && ctx.Err() != nil {
				return
			}
			if !yield(v) {
				return
			}
		}
	}
}
