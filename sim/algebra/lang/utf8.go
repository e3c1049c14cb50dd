package lang

import "unicode/utf8"

// encode adds paths for the UTF-8 encodings of the characters lo..hi, surrogates left out.
func (n *nfa) encode(from, to int32, lo, hi rune) {
	const firstSurrogate, lastSurrogate = 0xd800, 0xdfff
	if lo < firstSurrogate && hi > lastSurrogate {
		n.encode(from, to, lo, firstSurrogate-1)
		n.encode(from, to, lastSurrogate+1, hi)
		return
	}
	if lo >= firstSurrogate && lo <= lastSurrogate {
		lo = lastSurrogate + 1
	}
	if hi >= firstSurrogate && hi <= lastSurrogate {
		hi = firstSurrogate - 1
	}
	if lo > hi {
		return
	}
	// The encodings of a range have one length, or it is cut where the length changes.
	for _, most := range [...]rune{0x7f, 0x7ff, 0xffff} {
		if lo <= most && hi > most {
			n.encode(from, to, lo, most)
			n.encode(from, to, most+1, hi)
			return
		}
	}
	var a, b [utf8.UTFMax]byte
	size := utf8.EncodeRune(a[:], lo)
	utf8.EncodeRune(b[:], hi)
	n.sequences(from, to, a[:size], b[:size])
}

// sequences adds paths for the byte sequences a..b of one length, in which every byte after the first
// is a continuation 80..bf.
func (n *nfa) sequences(from, to int32, a, b []byte) {
	if len(a) == 1 {
		n.bytes(from, a[0], b[0], to)
		return
	}
	if a[0] == b[0] {
		n.sequences(n.via(from, a[0], a[0]), to, a[1:], b[1:])
		return
	}
	first, last := a[0], b[0]
	if !all(a[1:], 0x80) {
		n.sequences(n.via(from, first, first), to, a[1:], fill(len(a)-1, 0xbf))
		first++
	}
	if !all(b[1:], 0xbf) {
		n.sequences(n.via(from, last, last), to, fill(len(a)-1, 0x80), b[1:])
		last--
	}
	if first <= last {
		n.sequences(n.via(from, first, last), to, fill(len(a)-1, 0x80), fill(len(a)-1, 0xbf))
	}
}

// via adds a state that the bytes lo..hi lead to.
func (n *nfa) via(from int32, lo, hi byte) int32 {
	s := n.state()
	n.bytes(from, lo, hi, s)
	return s
}

func all(bytes []byte, v byte) bool {
	for _, b := range bytes {
		if b != v {
			return false
		}
	}
	return true
}

func fill(n int, v byte) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = v
	}
	return out
}
