package collect

// text is a text that grows in pieces: a large one is neither copied as it grows nor held twice. Its
// memory is used again after reset.
type text struct {
	pieces [][]byte
	free   [][]byte
}

const (
	pieceSize = 64 << 10
	pieceRoom = 4 << 10 // what most objects need: fewer bytes left start a new piece
)

// open returns the last piece, for append; the result goes to close before the next call.
func (t *text) open() []byte {
	last := len(t.pieces) - 1
	if last >= 0 && cap(t.pieces[last])-len(t.pieces[last]) >= pieceRoom {
		return t.pieces[last]
	}
	var b []byte
	if n := len(t.free); n > 0 {
		b, t.free = t.free[n-1][:0], t.free[:n-1]
	} else {
		b = make([]byte, 0, pieceSize)
	}
	t.pieces = append(t.pieces, b)
	return b
}

// close takes the piece that open returned back, with what was appended.
func (t *text) close(b []byte) { t.pieces[len(t.pieces)-1] = b }

// reset empties the text.
func (t *text) reset() {
	t.free = append(t.free, t.pieces...)
	t.pieces = t.pieces[:0]
}
