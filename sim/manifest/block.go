package manifest

import "strings"

// The fast parser reads a document by recursive descent over columns. Every function returns ok false
// on what it is not certain about: the caller gives the whole document up, unless p.err is set. next is
// the column of the content behind what was read, -1 at the end of the document, with pos there.
//
// The column rules are those of the library: an indentation ends at the first content left of it, and
// content right of the collection it should continue would be a scalar over several lines or a mistake,
// so it is not ours to read.

// yaml parses one document. It returns nil, nil for documents that are not in the subset, and an error
// for those that are certainly broken.
func (p *parser) yaml(c chunk) (*Node, *Error) {
	whole := p.src
	p.src = whole[:c.end]
	defer func() { p.src = whole }()
	p.reset(c)
	for i := p.bol; i < p.pos; i++ {
		if p.src[i] != ' ' {
			return nil, nil
		}
	}
	at := p.push()
	next, ok := p.blockNode(-1, at)
	if p.err != nil {
		return nil, p.err
	}
	if !ok || next >= 0 {
		return nil, nil
	}
	root := p.mem.takeNodes(p.nodes[at:at+1], p.pos)
	return &root[0], nil
}

// blockNode parses the value that starts here into the node at index at. parent is the indentation of
// the collection around it, -1 for none.
func (p *parser) blockNode(parent, at int) (next int, ok bool) {
	col := p.col()
	var key string
	switch c := p.src[p.pos]; {
	case c == '-' && p.blankAt(p.pos+1):
		return p.blockList(col, at)
	case c == '"' || c == '\'':
		line := p.line
		if key, ok = p.quoted(c); !ok {
			return 0, false
		}
		if p.colon(line) {
			return p.blockMap(col, at, key)
		}
		p.setString(at, key)
		return p.endLine()
	case c == '{' || c == '[':
		if !p.flow(at) {
			return 0, false
		}
		return p.endLine()
	case c == '|' || c == '>':
		return p.blockScalar(parent, at)
	case !p.startsPlain():
		return 0, false
	}
	text, isKey := p.plain()
	if isKey {
		if key, ok = plainKey(text); !ok {
			return 0, false
		}
		return p.blockMap(col, at, key)
	}
	if !p.setPlain(at, text) {
		return 0, false
	}
	return p.endLine()
}

// blockMap parses a map whose keys stand at column indent; the first key is read, pos is at its colon.
func (p *parser) blockMap(indent, at int, key string) (next int, ok bool) {
	if !p.enter(at) {
		return 0, false
	}
	base, keyBase := len(p.nodes), len(p.keys)
	for {
		if p.col()-indent > maxKey {
			return 0, false
		}
		p.pushKey(key, p.line, indent)
		p.pos++ // the colon
		if next, ok = p.mapValue(indent); !ok || next > indent {
			return 0, false
		}
		if next < indent {
			return next, p.closeMap(at, base, keyBase)
		}
		if key, ok = p.blockKey(); !ok {
			return 0, false
		}
	}
}

// blockKey reads a key and stops at its colon.
func (p *parser) blockKey() (string, bool) {
	switch c := p.src[p.pos]; {
	case c == '"' || c == '\'':
		key, ok := p.quoted(c)
		return key, ok && p.colon(p.line)
	case c == '-' && p.blankAt(p.pos+1), !p.startsPlain():
		return "", false
	}
	text, isKey := p.plain()
	if !isKey {
		return "", false
	}
	return plainKey(text)
}

// mapValue parses what stands behind the colon of a key at column indent.
func (p *parser) mapValue(indent int) (next int, ok bool) {
	for p.pos < len(p.src) && p.src[p.pos] == ' ' {
		p.pos++
	}
	if p.pos < len(p.src) && !isBreak(p.src[p.pos]) && p.src[p.pos] != '#' {
		if p.src[p.pos] == '\t' {
			return 0, false
		}
		return p.inlineValue(indent, p.push())
	}
	at := p.push()
	if next, ok = p.endLine(); !ok || next < indent {
		return next, ok
	}
	if next == indent {
		if p.src[p.pos] == '-' && p.blankAt(p.pos+1) {
			p.moveTo(at)
			return p.blockList(indent, at)
		}
		return next, true
	}
	p.moveTo(at)
	return p.blockNode(indent, at)
}

// moveTo sets the position of the node at index at to the current byte.
func (p *parser) moveTo(at int) {
	p.nodes[at].Line, p.nodes[at].Col = p.line, uint32(p.col()+1)
}

// inlineValue parses a value on its key's line, which can be neither a block map nor a block list.
func (p *parser) inlineValue(indent, at int) (next int, ok bool) {
	switch c := p.src[p.pos]; {
	case c == '"' || c == '\'':
		text, ok := p.quoted(c)
		if !ok {
			return 0, false
		}
		p.setString(at, text)
	case c == '{' || c == '[':
		if !p.flow(at) {
			return 0, false
		}
	case c == '|' || c == '>':
		return p.blockScalar(indent, at)
	case c == '-' && p.blankAt(p.pos+1), !p.startsPlain():
		return 0, false
	default:
		text, isKey := p.plain()
		if isKey || !p.setPlain(at, text) {
			return 0, false
		}
	}
	return p.endLine()
}

// blockList parses a list whose dashes stand at column indent, pos at the first. When the list is the
// value of a key in the same column, the next key ends it.
func (p *parser) blockList(indent, at int) (next int, ok bool) {
	if !p.enter(at) {
		return 0, false
	}
	base := len(p.nodes)
	for {
		p.pos++ // the dash
		for p.pos < len(p.src) && p.src[p.pos] == ' ' {
			p.pos++
		}
		next, ok = p.listItem(indent)
		if !ok || next > indent {
			return 0, false
		}
		if next < indent || p.src[p.pos] != '-' || !p.blankAt(p.pos+1) {
			return next, p.closeList(at, base)
		}
	}
}

// listItem parses what stands behind a dash at column indent.
func (p *parser) listItem(indent int) (next int, ok bool) {
	if p.pos < len(p.src) && !isBreak(p.src[p.pos]) && p.src[p.pos] != '#' {
		if p.src[p.pos] == '\t' {
			return 0, false
		}
		return p.blockNode(indent, p.push())
	}
	at := p.push()
	if next, ok = p.endLine(); !ok || next <= indent {
		return next, ok
	}
	p.moveTo(at)
	return p.blockNode(indent, at)
}

// endLine skips what may follow a value on its line (blanks, a comment) and the empty and comment lines
// after it.
func (p *parser) endLine() (next int, ok bool) {
	s, i := p.src, p.pos
	for i < len(s) && isBlank(s[i]) {
		i++
	}
	if i < len(s) && s[i] == '#' {
		if i == p.pos && i > p.bol && !isBlank(s[i-1]) {
			return 0, false
		}
		i = lineEnd(s, i)
	}
	for i < len(s) {
		if s[i] == '\r' { // classify saw to it that a line feed follows
			i++
		}
		if s[i] != '\n' {
			return 0, false
		}
		i++
		p.line++
		p.bol = i
		for i < len(s) && s[i] == ' ' {
			i++
		}
		if i < len(s) && s[i] == '#' {
			i = lineEnd(s, i)
		}
		if i < len(s) && !isBreak(s[i]) {
			p.pos = i
			return i - p.bol, s[i] != '\t'
		}
	}
	p.pos = i
	return -1, true
}

// lineEnd returns the offset of the line feed that ends the line of s[i], or of the end of s.
func lineEnd(s string, i int) int {
	if j := strings.IndexByte(s[i:], '\n'); j >= 0 {
		return i + j
	}
	return len(s)
}

// blankAt reports whether the byte at offset i is a blank, a line break or the end.
func (p *parser) blankAt(i int) bool {
	return i >= len(p.src) || p.src[i] == ' ' || isBreak(p.src[i]) || p.src[i] == '\t'
}

// colon reports whether a colon that makes a key of the scalar before it follows, and moves there.
func (p *parser) colon(line uint32) bool {
	i := p.pos
	for i < len(p.src) && p.src[i] == ' ' {
		i++
	}
	if p.line != line || i >= len(p.src) || p.src[i] != ':' || !p.blankAt(i+1) {
		return false
	}
	p.pos = i
	return true
}
