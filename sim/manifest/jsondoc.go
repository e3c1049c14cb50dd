package manifest

import (
	"strings"
	"unicode/utf8"
)

// jsonParser parses strict JSON into the same tree.
type jsonParser struct {
	*parser
	certain bool // the text is JSON and broken for a reason that YAML would not forgive
}

// jsonDoc is one value of a stream of JSON values.
type jsonDoc struct {
	root       *Node
	start, end int
}

// values parses a chunk that holds one or more JSON values.
func (p *jsonParser) values(c chunk) ([]jsonDoc, *Error) {
	whole := p.src
	p.src = whole[:c.end]
	defer func() { p.src = whole }()
	p.reset(c)
	var docs []jsonDoc
	for p.skip(); p.pos < len(p.src); p.skip() {
		start, base := p.pos, len(p.nodes)
		p.mem.taken = 0
		at := p.push()
		if !p.value(at) {
			if p.err != nil {
				p.certain = true
				return nil, p.err
			}
			return nil, p.syntaxError()
		}
		if k := p.nodes[at].Kind; k != Map && k != List {
			return nil, p.syntaxError() // a scalar after the first value: not JSON that anyone means
		}
		root := p.mem.takeNodes(p.nodes[at:], p.pos)
		p.nodes = p.nodes[:base]
		docs = append(docs, jsonDoc{root: &root[0], start: start, end: p.pos})
	}
	if len(docs) == 1 {
		docs[0].start, docs[0].end = c.start, c.end
	}
	return docs, nil
}

// syntaxError describes the byte that the parser stopped at.
func (p *jsonParser) syntaxError() *Error {
	e := &Error{Line: int(p.line), Col: p.col() + 1, Msg: "unexpected end of the JSON text"}
	if p.pos < len(p.src) {
		r, _ := utf8.DecodeRuneInString(p.src[p.pos:])
		e.Msg = "unexpected " + strings.Trim(quoteRune(r), " ") + " in JSON"
	}
	return e
}

func quoteRune(r rune) string {
	if r == '\n' || r == '\r' {
		return "line break"
	}
	return "'" + string(r) + "'"
}

// skip skips white space.
func (p *jsonParser) skip() {
	s, i := p.src, p.pos
	for i < len(s) {
		switch s[i] {
		case ' ', '\t', '\r':
		case '\n':
			p.line++
			p.bol = i + 1
		default:
			p.pos = i
			return
		}
		i++
	}
	p.pos = i
}

// peek skips white space and returns the next byte, 0 at the end.
func (p *jsonParser) peek() byte {
	p.skip()
	if p.pos < len(p.src) {
		return p.src[p.pos]
	}
	return 0
}

// value parses the value at pos into the node at index at. On failure pos is at the offending byte.
func (p *jsonParser) value(at int) bool {
	if p.pos >= len(p.src) {
		return false
	}
	switch c := p.src[p.pos]; c {
	case '{':
		return p.enter(at) && p.object(at)
	case '[':
		return p.enter(at) && p.array(at)
	case '"':
		text, ok := p.text()
		p.setString(at, text)
		return ok
	case 't':
		return p.word(at, "true", Bool)
	case 'f':
		return p.word(at, "false", Bool)
	case 'n':
		return p.word(at, "null", Null)
	}
	return p.number(at)
}

func (p *jsonParser) object(at int) bool {
	base, keyBase := len(p.nodes), len(p.keys)
	p.pos++
	for first := true; ; first = false {
		c := p.peek()
		if c == '}' && first {
			break
		}
		if c != '"' {
			return false
		}
		line, col := p.line, p.col()
		key, ok := p.text()
		if !ok || p.peek() != ':' {
			return false
		}
		p.pushKey(key, line, col)
		p.pos++
		p.skip()
		if !p.value(p.push()) {
			return false
		}
		if c = p.peek(); c == '}' {
			break
		}
		if c != ',' {
			return false
		}
		p.pos++
	}
	p.pos++
	return p.closeMap(at, base, keyBase)
}

func (p *jsonParser) array(at int) bool {
	base := len(p.nodes)
	p.pos++
	for first := true; ; first = false {
		c := p.peek()
		if c == ']' && first {
			break
		}
		if !p.value(p.push()) {
			return false
		}
		if c = p.peek(); c == ']' {
			break
		}
		if c != ',' {
			return false
		}
		p.pos++
	}
	p.pos++
	return p.closeList(at, base)
}
