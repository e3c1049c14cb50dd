package manifest

// arena cuts the Items and Keys of all documents of a file from chunks: two allocations for thousands
// of nodes instead of two for each map.
type arena struct {
	nodes pool[Node]
	keys  pool[Key]
	taken int // nodes of the current document
}

// hint sets the size of the first chunks for a file of n bytes, so that a file with one small object
// does not hold chunks of hundreds of nodes.
func (a *arena) hint(n int) {
	a.nodes.size = max(16, min(n/16, maxChunk))
	a.keys.size = a.nodes.size
}

// takeNodes moves nodes into the arena.
func (a *arena) takeNodes(nodes []Node) []Node {
	a.taken += len(nodes)
	return a.nodes.take(nodes)
}

// takeKeys moves keys into the arena.
func (a *arena) takeKeys(keys []Key) []Key { return a.keys.take(keys) }

// recycle makes all memory of the arena free for use again.
func (a *arena) recycle() {
	a.nodes.recycle()
	a.keys.recycle()
}

// maxChunk is the largest number of elements in a chunk, unless more are needed at once.
const maxChunk = 1024

// pool is the arena for one type.
type pool[T any] struct {
	chunk []T // the current chunk, filled up to its length
	size  int // of the next chunk
	keep  bool
	full  [][]T // chunks in use, when keep is set
	free  [][]T // chunks to use again
}

// take moves elems into the pool and returns them there, with no capacity to grow into others.
func (p *pool[T]) take(elems []T) []T {
	n := len(elems)
	if n == 0 {
		return nil
	}
	if cap(p.chunk)-len(p.chunk) < n {
		p.next(n)
	}
	off := len(p.chunk)
	p.chunk = append(p.chunk, elems...)
	return p.chunk[off : off+n : off+n]
}

// next starts a chunk with room for n elements.
func (p *pool[T]) next(n int) {
	if p.keep && p.chunk != nil {
		p.full = append(p.full, p.chunk)
	}
	if last := len(p.free) - 1; last >= 0 && cap(p.free[last]) >= n {
		p.chunk, p.free = p.free[last][:0], p.free[:last]
		return
	}
	p.chunk = make([]T, 0, max(p.size, n))
	p.size = min(max(p.size, 16)*2, maxChunk)
}

// recycle makes all chunks free.
func (p *pool[T]) recycle() {
	if p.chunk != nil {
		p.full = append(p.full, p.chunk)
		p.chunk = nil
	}
	p.free = append(p.free, p.full...)
	p.full = p.full[:0]
}
