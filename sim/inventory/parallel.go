package inventory

import (
	"runtime"
	"sync"
)

// minChunk is how many objects are worth a goroutine.
const minChunk = 64

// inChunks calls do for consecutive ranges that cover n items, in parallel, and
// returns the results in the order of the ranges.
func inChunks[T any](n int, do func(lo, hi int) T) []T {
	parts := min(runtime.GOMAXPROCS(0), max(1, n/minChunk))
	out := make([]T, parts)
	var wg sync.WaitGroup
	for i := 1; i < parts; i++ {
		wg.Go(func() { out[i] = do(n*i/parts, n*(i+1)/parts) })
	}
	out[0] = do(0, n/parts)
	wg.Wait()
	return out
}
