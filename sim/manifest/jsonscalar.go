package manifest

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// word parses true, false or null.
func (p *jsonParser) word(at int, word string, kind Kind) bool {
	if !strings.HasPrefix(p.src[p.pos:], word) {
		return false
	}
	p.pos += len(word)
	p.nodes[at].Kind = kind
	if kind == Bool {
		p.nodes[at].Value = word
	}
	return true
}

// number parses a number and keeps its text, which is JSON already.
func (p *jsonParser) number(at int) bool {
	s := p.src[p.pos:]
	n := 0
	if n < len(s) && s[n] == '-' {
		n++
	}
	digits := countDigits(s[n:])
	if digits == 0 || digits > 1 && s[n] == '0' {
		return false
	}
	n += digits
	kind := Int
	if n < len(s) && s[n] == '.' {
		frac := countDigits(s[n+1:])
		if frac == 0 {
			return false
		}
		n += 1 + frac
		kind = Float
	}
	if n < len(s) && s[n]|0x20 == 'e' {
		exp := cutSign(s[n+1:])
		d := countDigits(exp)
		if d == 0 {
			return false
		}
		n = len(s) - len(exp) + d
		kind = Float
	}
	if n > 18 || kind == Float {
		if _, err := strconv.ParseFloat(s[:n], 64); err != nil {
			return p.fail(p.line, uint32(p.col()+1), "the number is too large")
		}
	}
	p.pos += n
	p.nodes[at].Kind, p.nodes[at].Value = kind, s[:n]
	return true
}

// text parses a string.
func (p *jsonParser) text() (string, bool) {
	s, i := p.src, p.pos+1
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			text := s[p.pos+1 : i]
			p.pos = i + 1
			return text, true
		case c == '\\':
			return p.escaped(i)
		case c < 0x20:
			p.pos = i
			return "", false
		}
	}
	p.pos = i
	return "", false
}

// escaped parses the rest of a string from its first backslash, at offset i, on.
func (p *jsonParser) escaped(i int) (string, bool) {
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	s := p.src
	b := []byte(s[p.pos+1 : i])
	for i < len(s) {
		c := s[i]
		switch {
		case c == '"':
			p.pos = i + 1
			return string(b), true
		case c < 0x20:
			p.pos = i
			return "", false
		case c != '\\':
			b = append(b, c)
			i++
			continue
		}
		if i+1 == len(s) {
			break
		}
		if j := strings.IndexByte(from, s[i+1]); j >= 0 {
			b = append(b, to[j])
			i += 2
			continue
		}
		r, n := unicodeEscape(s[i:])
		if n == 0 {
			p.pos = i
			return "", false
		}
		b = utf8.AppendRune(b, r)
		i += n
	}
	p.pos = len(s)
	return "", false
}

// unicodeEscape reads \uXXXX, or two of them that make a surrogate pair, at the start of s. A lone
// surrogate is U+FFFD, as in encoding/json. n is the length read, 0 for none.
func unicodeEscape(s string) (r rune, n int) {
	r, ok := hex4(s)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if low, ok := hex4(s[6:]); ok {
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return utf8.RuneError, 6
}

func hex4(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	return hexValue(s[2:6])
}
