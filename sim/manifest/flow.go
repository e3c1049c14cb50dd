package manifest

// flow parses the flow map or list that starts here into the node at index at, and stops behind it.
// Indentation means nothing inside.
func (p *parser) flow(at int) bool {
	if !p.enter(at) {
		return false
	}
	open := p.src[p.pos]
	p.pos++
	if open == '{' {
		return p.flowMap(at)
	}
	return p.flowList(at)
}

func (p *parser) flowMap(at int) bool {
	base, keyBase := len(p.nodes), len(p.keys)
	for {
		c := p.flowSkip()
		if c == '}' {
			break
		}
		line, col := p.line, p.col()
		key, ok := p.flowKey(c)
		if !ok || p.line != line || p.col()-col > maxKey {
			return false
		}
		p.pushKey(key, line, col)
		c = p.flowSkip()
		if !p.flowValue(c, p.push()) {
			return false
		}
		if c = p.flowSkip(); c == '}' {
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

func (p *parser) flowList(at int) bool {
	base := len(p.nodes)
	for {
		c := p.flowSkip()
		if c == ']' {
			break
		}
		if !p.flowValue(c, p.push()) {
			return false
		}
		if c = p.flowSkip(); c == ']' {
			break
		}
		if c != ',' { // a colon too: [a: b] is a list of a map
			return false
		}
		p.pos++
	}
	p.pos++
	return p.closeList(at, base)
}

// flowKey reads a key that starts with c and the colon behind it.
func (p *parser) flowKey(c byte) (key string, ok bool) {
	if c == '"' || c == '\'' {
		if key, ok = p.quoted(c); !ok {
			return "", false
		}
		for p.pos < len(p.src) && p.src[p.pos] == ' ' {
			p.pos++
		}
		if p.pos >= len(p.src) || p.src[p.pos] != ':' {
			return "", false
		}
		p.pos++
		return key, true
	}
	text, isKey := p.flowPlain(c)
	if !isKey {
		return "", false
	}
	p.pos++
	return plainKey(text)
}

// flowValue parses a value that starts with c.
func (p *parser) flowValue(c byte, at int) bool {
	switch c {
	case '"', '\'':
		text, ok := p.quoted(c)
		if !ok {
			return false
		}
		p.setString(at, text)
		return true
	case '{', '[':
		return p.flow(at)
	}
	text, isKey := p.flowPlain(c)
	return !isKey && text != "" && p.setPlain(at, text)
}

// flowPlain reads a plain scalar that starts with c: up to a flow indicator, to a comment or, when isKey, to
// the colon behind a key; c is 0 at the end of the text. It returns "" for what does not surely start one, and at a question mark or
// at a colon that the library would take for a part of the text.
func (p *parser) flowPlain(c byte) (text string, isKey bool) {
	s, i := p.src, p.pos
	if c == 0 || c == ':' || !p.startsPlain() || c == '-' && flowIndicator(s[i+1]) {
		return "", false
	}
	start := i
scan:
	for ; i < len(s); i++ {
		c := s[i]
		if c > ' ' && c != ':' && c != '#' && !flowIndicator(c) {
			continue
		}
		switch c {
		case ':':
			if i+1 == len(s) || flowIndicator(s[i+1]) {
				return "", false
			}
			if s[i+1] <= ' ' {
				isKey = true
				break scan
			}
		case '#':
			if isBlank(s[i-1]) {
				break scan
			}
		case ' ', '\t':
		case '?':
			return "", false
		default:
			break scan
		}
	}
	end := i
	for end > start && isBlank(s[end-1]) {
		end--
	}
	if !isKey {
		i = end
	}
	p.pos = i
	return s[start:end], isKey
}

// flowIndicator reports whether c ends a plain scalar inside a flow collection.
func flowIndicator(c byte) bool {
	return c == ',' || c == '[' || c == ']' || c == '{' || c == '}' || c == '?'
}

// flowSkip skips blanks, comments and line breaks and returns the byte it stops at, 0 at the end.
func (p *parser) flowSkip() byte {
	s, i := p.src, p.pos
	for i < len(s) {
		switch c := s[i]; c {
		case ' ', '\t', '\r':
		case '\n':
			p.line++
			p.bol = i + 1
		case '#':
			if i > p.bol && !isBlank(s[i-1]) {
				p.pos = i
				return c
			}
			i = lineEnd(s, i)
			continue
		default:
			p.pos = i
			return c
		}
		i++
	}
	p.pos = i
	return 0
}
