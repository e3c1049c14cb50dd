package manifest

import "strings"

// parser holds what the fast YAML parser and the JSON parser share. Children are collected on the
// stacks nodes and keys while their collection is open, and moved to the arena when it closes.
type parser struct {
	src   string // the file up to the end of the current document
	pos   int
	line  uint32
	bol   int // where the current line begins in src
	depth int
	nodes []Node
	keys  []Key
	mem   arena
	lim   Limits
	err   *Error // certain: the document is broken, no other parser need try
}

// reset prepares for a document that starts at its first content.
func (p *parser) reset(c chunk) {
	p.pos = c.content
	p.line = uint32(c.contentLine)
	p.bol = strings.LastIndexByte(p.src[:c.content], '\n') + 1
	if p.bol == 0 && strings.HasPrefix(p.src, "\uFEFF") {
		p.bol = 3
	}
	p.depth, p.err = 0, nil
	p.nodes, p.keys = p.nodes[:0], p.keys[:0]
	p.mem.taken = 0
}

// col returns the 0-based column of the current byte.
func (p *parser) col() int { return p.pos - p.bol }

// push appends an empty node at the current position and returns its index.
func (p *parser) push() int {
	p.nodes = append(p.nodes, Node{Line: p.line, Col: uint32(p.pos - p.bol + 1)})
	return len(p.nodes) - 1
}

// pushKey appends a key that stands at the 0-based column col.
func (p *parser) pushKey(name string, line uint32, col int) {
	p.keys = append(p.keys, Key{Name: name, Line: line, Col: uint32(col + 1)})
}

// enter counts a level of nesting; false when there are too many.
func (p *parser) enter(at int) bool {
	if p.depth++; p.depth > p.lim.MaxDepth {
		return p.fail(p.nodes[at].Line, p.nodes[at].Col, tooDeep(p.lim))
	}
	return true
}

// fail records a certain error.
func (p *parser) fail(line, col uint32, msg string) bool {
	if p.err == nil {
		p.err = &Error{Line: int(line), Col: int(col), Msg: msg}
	}
	return false
}

// closeList makes the nodes from index base on the items of the list at index at.
func (p *parser) closeList(at, base int) bool {
	p.depth--
	n := &p.nodes[at]
	n.Kind = List
	n.Items = p.mem.takeNodes(p.nodes[base:], p.pos)
	p.nodes = p.nodes[:base]
	return p.mem.taken <= p.lim.MaxNodes || p.fail(n.Line, n.Col, tooMany(p.lim))
}

// closeMap makes the nodes and keys from the bases on the entries of the map at index at.
func (p *parser) closeMap(at, base, keyBase int) bool {
	keys := p.keys[keyBase:]
	if i, first := duplicate(keys); i >= 0 {
		return p.fail(keys[i].Line, keys[i].Col, duplicateKey(keys[i].Name, keys[first].Line))
	}
	p.depth--
	n := &p.nodes[at]
	n.Kind = Map
	n.Items = p.mem.takeNodes(p.nodes[base:], p.pos)
	n.Keys = p.mem.takeKeys(keys, p.pos)
	p.nodes, p.keys = p.nodes[:base], p.keys[:keyBase]
	return p.mem.taken <= p.lim.MaxNodes || p.fail(n.Line, n.Col, tooMany(p.lim))
}

// duplicate returns the index of the first key that repeats another and the index of that other, or -1.
func duplicate(keys []Key) (i, first int) {
	if len(keys) > 24 {
		return duplicateOfMany(keys)
	}
	for i := 1; i < len(keys); i++ {
		name := keys[i].Name
		for j := range i {
			if len(keys[j].Name) == len(name) && keys[j].Name == name {
				return i, j
			}
		}
	}
	return -1, -1
}

// duplicateOfMany is duplicate in linear time.
func duplicateOfMany(keys []Key) (i, first int) {
	seen := make(map[string]int, len(keys))
	for i := range keys {
		if j, ok := seen[keys[i].Name]; ok {
			return i, j
		}
		seen[keys[i].Name] = i
	}
	return -1, -1
}
