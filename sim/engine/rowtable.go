package engine

import "slices"

// rowChunk is how many classes share a chunk of a row table. A change of one
// namespace's policies touches few chunks.
const rowChunk = 128

// rowTable holds the row of each class of one direction, in chunks, so that an
// engine after a change shares most of what its parent has.
type rowTable []*[rowChunk]*row

func newRowTable(n int) rowTable {
	t := make(rowTable, (n+rowChunk-1)/rowChunk)
	for i := range t {
		t[i] = new([rowChunk]*row)
	}
	return t
}

// at returns the row of a class.
func (t rowTable) at(k uint32) *row { return t[k/rowChunk][k%rowChunk] }

// put sets the row of a class in a table of its own.
func (t rowTable) put(k uint32, r *row) { t[k/rowChunk][k%rowChunk] = r }

// rowEdit changes a few rows of a table and leaves the table as it is.
type rowEdit struct {
	old, now rowTable
}

func editRows(t rowTable) rowEdit { return rowEdit{t, slices.Clone(t)} }

func (e *rowEdit) put(k uint32, r *row) {
	c := k / rowChunk
	if e.now[c] == e.old[c] {
		chunk := *e.old[c]
		e.now[c] = &chunk
	}
	e.now.put(k, r)
}
