package manifest

// arena cuts the Items and Keys of all documents of a file from chunks: two allocations for thousands
// of nodes instead of two for each map.
type arena struct {
	nodes pool[Node]
	keys  pool[Key]
	taken int // nodes of the current document
}

// hint prepares for a file of n bytes: chunks are as large as the file needs, so that a small one does
// not hold chunks of hundreds of nodes.
func (a *arena) hint(n int) {
	a.nodes.begin(n)
	a.keys.begin(n)
}

// takeNodes moves nodes into the arena; the parser is at byte pos of the file.
func (a *arena) takeNodes(nodes []Node, pos int) []Node {
	a.taken += len(nodes)
	return a.nodes.take(nodes, pos)
}

// takeKeys moves keys into the arena; the parser is at byte pos of the file.
func (a *arena) takeKeys(keys []Key, pos int) []Key { return a.keys.take(keys, pos) }

// recycle makes all memory of the arena free for use again.
func (a *arena) recycle() {
	a.nodes.recycle()
	a.keys.recycle()
}

// maxChunk is the largest number of elements in a chunk, unless more are needed at once.
const maxChunk = 1024

// minChunk is the smallest.
const minChunk = 16

// bytesPerElem is how many bytes of a file make a node or a key, before any were read. It is more than
// most files have: what a first chunk lacks is known by then, what it has too much is lost.
const bytesPerElem = 16

// pool is the arena for one type.
type pool[T any] struct {
	chunk []T // the current chunk, filled up to its length
	text  int // bytes of the file
	taken int // elements in the file's chunks before this one
	keep  bool
	full  [][]T // chunks in use, when keep is set
	free  [][]T // chunks to use again
}

// begin prepares for a file of n bytes.
func (p *pool[T]) begin(n int) { p.text, p.taken = n, 0 }

// take moves elems into the pool and returns them there, with no capacity to grow into others.
func (p *pool[T]) take(elems []T, pos int) []T {
	n := len(elems)
	if n == 0 {
		return nil
	}
	if cap(p.chunk)-len(p.chunk) < n {
		p.next(n, pos)
	}
	off := len(p.chunk)
	p.chunk = append(p.chunk, elems...)
	return p.chunk[off : off+n : off+n]
}

// next starts a chunk with room for n elements.
func (p *pool[T]) next(n, pos int) {
	p.taken += len(p.chunk)
	if p.keep && p.chunk != nil {
		p.full = append(p.full, p.chunk)
	}
	if last := len(p.free) - 1; last >= 0 && cap(p.free[last]) >= n {
		p.chunk, p.free = p.free[last][:0], p.free[:last]
		return
	}
	p.chunk = make([]T, 0, max(n, min(p.expected(pos), maxChunk)))
}

// expected returns how many elements the rest of the file makes if it is like what was read.
func (p *pool[T]) expected(pos int) int {
	if p.taken == 0 {
		return max(minChunk, p.text/bytesPerElem)
	}
	rest := int64(p.taken) * int64(max(p.text-pos, 0)) / int64(max(pos, 1))
	return max(minChunk, int(rest+rest/16))
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
