package manifest

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
	"unsafe"
)

// textFlags are properties of a text that the fast parser has no rules for.
type textFlags uint8

const (
	bareCR   textFlags = 1 << iota // a carriage return without a line feed: a line break to YAML
	oddBreak                       // U+0085, U+2028 or U+2029, line breaks to YAML 1.1, or a U+FEFF inside
)

// classify looks at every byte of s once. bad is the offset of the first byte that no document may
// contain (control characters, invalid UTF-8), or -1.
func classify(s string) (flags textFlags, bad int) {
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	for i := 0; i < len(b); {
		if i+8 <= len(b) {
			w := binary.LittleEndian.Uint64(b[i:])
			odd := oddBytes(w)
			if odd == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(odd) / 8
		}
		n, f := classifyAt(s, i)
		if n == 0 {
			return flags, i
		}
		flags |= f
		i += n
	}
	return flags, -1
}

// oddBytes returns a word whose high bits mark the bytes of w that are neither printable ASCII nor a
// line feed. It may mark bytes above a marked one wrongly, never the lowest one.
func oddBytes(w uint64) uint64 {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	low := (w - 0x20*ones) &^ w // below 0x20
	x := w ^ 0x0A*ones
	notLF := (x&^highs + 0x7F*ones) | x
	return (low&notLF | w | (w + ones)) & highs // w + ones: 0x7F
}

// classifyAt judges the character at s[i]: its length, 0 if it is not allowed, and its flags.
func classifyAt(s string, i int) (n int, f textFlags) {
	switch c := s[i]; {
	case c == '\r':
		if i+1 == len(s) || s[i+1] != '\n' {
			return 1, bareCR
		}
		return 1, 0
	case c < 0x20 && c != '\t' && c != '\n', c == 0x7F:
		return 0, 0
	case c < 0x80:
		return 1, 0
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	switch {
	case r == utf8.RuneError && n == 1:
		return 0, 0
	case r == 0x85, r == 0x2028, r == 0x2029, r == 0xFEFF:
		return n, oddBreak
	case r < 0xA0, r == 0xFFFE, r == 0xFFFF:
		return 0, 0
	}
	return n, 0
}
