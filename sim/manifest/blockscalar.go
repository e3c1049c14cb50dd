package manifest

import "strings"

// blockScalar parses a literal (|) or folded (>) scalar into the node at index at. parent is the
// indentation of the collection around it.
func (p *parser) blockScalar(parent, at int) (next int, ok bool) {
	literal := p.src[p.pos] == '|'
	chomp, indent, ok := p.blockHeader()
	if !ok {
		return 0, false
	}
	if indent > 0 {
		indent += max(parent, 0)
	} else if indent, ok = p.blockIndent(parent); !ok {
		return 0, false
	}
	text, ok := p.blockLines(indent, literal, chomp)
	if !ok {
		return 0, false
	}
	p.setString(at, text)
	if p.pos >= len(p.src) {
		return -1, true
	}
	return p.resume()
}

// resume goes on behind a block scalar, at the start of the line that ended it.
func (p *parser) resume() (next int, ok bool) {
	i := p.pos
	for i < len(p.src) && p.src[i] == ' ' {
		i++
	}
	p.pos = i
	switch {
	case i == len(p.src):
		return -1, true
	case p.src[i] == '#' || isBreak(p.src[i]):
		return p.endLine()
	}
	return p.col(), p.src[i] != '\t'
}

// blockHeader reads the indicators behind | or > and the rest of the line: chomp is '-', '+' or 0, and
// indent the explicit indentation or 0.
func (p *parser) blockHeader() (chomp byte, indent int, ok bool) {
	i, s := p.pos+1, p.src
	for range 2 {
		if i >= len(s) {
			break
		}
		switch c := s[i]; {
		case (c == '-' || c == '+') && chomp == 0:
			chomp = c
			i++
		case c >= '1' && c <= '9' && indent == 0:
			indent = int(c - '0')
			i++
		}
	}
	for i < len(s) && isBlank(s[i]) {
		i++
	}
	if i < len(s) && s[i] == '#' {
		if !isBlank(s[i-1]) {
			return 0, 0, false
		}
		i = lineEnd(s, i)
	}
	if i < len(s) && s[i] == '\r' {
		i++
	}
	if i >= len(s) || s[i] != '\n' {
		return 0, 0, false
	}
	p.pos = i + 1
	p.bol = p.pos
	p.line++
	return chomp, indent, true
}

// blockIndent finds the indentation of a block scalar: that of its first line with text. It gives up
// when an empty line before it is indented further.
func (p *parser) blockIndent(parent int) (indent int, ok bool) {
	deepest := 0
	for i := p.pos; ; {
		start := i
		for i < len(p.src) && p.src[i] == ' ' {
			i++
		}
		col := i - start
		if i == len(p.src) || !isBreak(p.src[i]) {
			if deepest > col || i == len(p.src) && col > 0 || i < len(p.src) && p.src[i] == '\t' {
				return 0, false
			}
			return max(col, parent+1, 1), true
		}
		deepest = max(deepest, col)
		i = lineEnd(p.src, i) + 1
		if i > len(p.src) {
			return 0, false
		}
	}
}

// blockLines reads the lines that are indented by at least indent, joins or folds them, and stops at
// the start of the line behind them.
func (p *parser) blockLines(indent int, literal bool, chomp byte) (text string, ok bool) {
	var b strings.Builder
	pending := 0 // empty lines not yet written
	first, moreBefore := true, false
	broken := false // the line before ended in a line break
	for p.pos < len(p.src) {
		body, blank, ok := p.blockLine(indent)
		if !ok {
			return "", false
		}
		if blank {
			pending++
			p.nextLine()
			continue
		}
		if body < 0 {
			break
		}
		more := isBlank(p.src[body])
		if !first {
			p.joinLines(&b, literal || moreBefore || more, pending)
		} else {
			writeBreaks(&b, pending)
		}
		first, pending, moreBefore = false, 0, more
		end := lineEnd(p.src, body)
		broken = end < len(p.src)
		b.WriteString(strings.TrimSuffix(p.src[body:end], "\r"))
		p.nextLine()
	}
	if chomp != '-' && broken {
		b.WriteByte('\n')
	}
	if chomp == '+' {
		writeBreaks(&b, pending)
	}
	return b.String(), true
}

// joinLines writes what stands between two lines: a line break, or the space it is folded to, and the
// breaks of the empty lines.
func (p *parser) joinLines(b *strings.Builder, keep bool, empty int) {
	if keep {
		b.WriteByte('\n')
	} else if empty == 0 {
		b.WriteByte(' ')
	}
	writeBreaks(b, empty)
}

func writeBreaks(b *strings.Builder, n int) {
	for range n {
		b.WriteByte('\n')
	}
}

// blockLine looks at the line at pos: blank when it holds nothing but at most indent spaces, else body
// is where its text starts, -1 when it is not indented enough to belong to the scalar. ok is false when
// a tab stands in the indentation.
func (p *parser) blockLine(indent int) (body int, blank, ok bool) {
	i := p.pos
	for i < len(p.src) && p.src[i] == ' ' && i-p.pos < indent {
		i++
	}
	switch {
	case i == len(p.src):
		return -1, false, true
	case isBreak(p.src[i]):
		return 0, true, true
	case i-p.pos < indent:
		return -1, false, p.src[i] != '\t'
	}
	return i, false, true
}

// nextLine moves to the start of the next line.
func (p *parser) nextLine() {
	end := lineEnd(p.src, p.pos)
	if end < len(p.src) {
		end++
		p.line++
	}
	p.pos, p.bol = end, end
}
