package manifest

import (
	"strings"
	"unicode/utf8"
)

// maxKey is the distance between the start of a key and its colon from which the fast parser leaves the
// document to the library, which draws the line at 1024 characters.
const maxKey = 1000

// startsPlain reports whether a plain scalar surely starts here, outside of flow collections.
func (p *parser) startsPlain() bool {
	c := p.src[p.pos]
	switch c {
	case '-', ':':
		return p.pos+1 < len(p.src) && p.src[p.pos+1] > ' '
	case '?', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`':
		return false
	}
	return c > ' '
}

// plain reads a plain scalar up to the end of its line, to a comment or, when isKey, to the colon
// behind a key. Blanks at its end are not part of it.
func (p *parser) plain() (text string, isKey bool) {
	s, i := p.src, p.pos
	start := i
scan:
	for ; i < len(s); i++ {
		c := s[i]
		if c > ':' || c-'-' <= '9'-'-' { // letters, digits, - . / and all that is never special here
			continue
		}
		switch c {
		case '\n', '\r':
			break scan
		case ':':
			if i+1 == len(s) || s[i+1] <= ' ' {
				isKey = true
				break scan
			}
		case '#':
			if i > start && isBlank(s[i-1]) {
				break scan
			}
		}
	}
	p.pos = i
	for i > start && isBlank(s[i-1]) {
		i--
	}
	if !isKey {
		p.pos = i // leave the blanks for endLine, which wants one before a comment
	}
	return s[start:i], isKey
}

// plainKey returns the name that a plain scalar has as a key.
func plainKey(text string) (string, bool) {
	if text == "<<" || text == "" {
		return "", false
	}
	if isWord(text[0]) {
		return text, true
	}
	return resolveKey(text)
}

// isWord reports whether a plain scalar that starts with c is a string, whatever follows: no number,
// boolean or null starts so.
func isWord(c byte) bool {
	switch c | 0x20 {
	case 'y', 'n', 't', 'f', 'o':
		return false
	}
	return c >= 'A' && c != '~' && c != '_' || c == '/'
}

// setPlain makes the node at index at what the plain scalar means.
func (p *parser) setPlain(at int, text string) bool {
	n := &p.nodes[at]
	if isWord(text[0]) {
		n.Kind, n.Value = String, text
		return true
	}
	var ok bool
	n.Kind, n.Value, ok = resolvePlain(text)
	return ok
}

// setString makes the node at index at a string.
func (p *parser) setString(at int, text string) {
	n := &p.nodes[at]
	n.Kind, n.Value = String, text
}

// quoted reads a quoted scalar on one line and stops behind it. Scalars over several lines are folded
// by rules that the library knows.
func (p *parser) quoted(quote byte) (text string, ok bool) {
	s, i := p.src, p.pos+1
	start := i
	for ; i < len(s); i++ {
		c := s[i]
		if c == quote {
			if quote == '\'' && i+1 < len(s) && s[i+1] == '\'' {
				return p.unescape(start, quote)
			}
			p.pos = i + 1
			return s[start:i], true
		}
		if c == '\\' && quote == '"' {
			return p.unescape(start, quote)
		}
		if isBreak(c) {
			return "", false
		}
	}
	return "", false
}

// unescape reads a quoted scalar with escapes; start is behind the opening quote.
func (p *parser) unescape(start int, quote byte) (text string, ok bool) {
	var b strings.Builder
	s, i := p.src, start
	for i < len(s) {
		c := s[i]
		switch {
		case c == quote && quote == '\'' && i+1 < len(s) && s[i+1] == '\'':
			b.WriteByte('\'')
			i += 2
		case c == quote:
			p.pos = i + 1
			return b.String(), true
		case c == '\\' && quote == '"':
			n := yamlEscape(&b, s[i+1:])
			if n == 0 {
				return "", false
			}
			i += 1 + n
		case isBreak(c):
			return "", false
		default:
			b.WriteByte(c)
			i++
		}
	}
	return "", false
}

// yamlEscape writes the character that the escape sequence at the start of s (behind its backslash)
// stands for, and returns the sequence's length, 0 if it is not one.
func yamlEscape(b *strings.Builder, s string) int {
	const from, to = "0abt\tnvfre \"'\\", "\x00\a\b\t\t\n\v\f\r\x1b \"'\\"
	if s == "" {
		return 0
	}
	if i := strings.IndexByte(from, s[0]); i >= 0 {
		b.WriteByte(to[i])
		return 1
	}
	digits := 0
	switch s[0] {
	case 'N':
		b.WriteRune(0x85)
		return 1
	case '_':
		b.WriteRune(0xA0)
		return 1
	case 'L':
		b.WriteRune(0x2028)
		return 1
	case 'P':
		b.WriteRune(0x2029)
		return 1
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	}
	if digits == 0 || len(s) <= digits {
		return 0
	}
	r, ok := hexValue(s[1 : 1+digits])
	if !ok || !utf8.ValidRune(r) {
		return 0
	}
	b.WriteRune(r)
	return 1 + digits
}

// hexValue returns the value of up to eight hexadecimal digits.
func hexValue(s string) (rune, bool) {
	var v uint32
	for i := range len(s) {
		c := s[i]
		switch {
		case c-'0' <= 9:
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		v = v<<4 | uint32(c)
	}
	return rune(v), true
}
