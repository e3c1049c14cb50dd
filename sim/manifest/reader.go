package manifest

// Reader parses many files, one after the other, in the same memory. Most of what parsing costs is the
// memory for the trees; who decodes a file's objects and lets its trees go saves that. A Reader is for
// one goroutine.
type Reader struct {
	f fileParser
}

// NewReader returns a Reader with the given limits.
func NewReader(lim Limits) *Reader {
	r := &Reader{}
	r.f.lim = lim.withDefaults()
	r.f.p.mem.nodes.keep, r.f.p.mem.keys.keep = true, true
	return r
}

// Parse is the function Parse, except that the documents and their trees are only valid until the next
// call. Go values decoded from them stay valid.
func (r *Reader) Parse(file string, data []byte) ([]Document, []Error) {
	r.f.p.mem.recycle()
	r.f.docs, r.f.errs = r.f.docs[:0], nil
	return r.f.parse(file, data)
}
