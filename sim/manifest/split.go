package manifest

import "strings"

// chunk is the text of one document within a file: src[start:end], without its separator lines.
type chunk struct {
	start, end  int
	startLine   int
	content     int // the first byte that is not blank or comment; end when there is none
	contentLine int
	// inline is set when content stands on the separator's own line ("--- {a: b}") or a directive
	// comes before it; start is then the separator or the directive. Only the slow parser reads these.
	inline bool
	tabs   bool // there are tabs before content
}

// position returns the 1-based line and column of the byte at offset at.
func (c chunk) position(src string, at int) (line, col int) {
	before := src[c.start:at]
	if i := strings.LastIndexByte(before, '\n'); i >= 0 {
		return c.startLine + strings.Count(before, "\n"), len(before) - i
	}
	bol := strings.LastIndexByte(src[:c.start], '\n') + 1
	if bol == 0 && strings.HasPrefix(src, "\uFEFF") {
		bol = 3 // no editor shows the byte order mark
	}
	return c.startLine, at - bol + 1
}

// splitter cuts a file into documents at the lines that begin with "---" or "...", which YAML
// recognizes even within scalars.
type splitter struct {
	src  string
	pos  int
	line int
	head int  // where the separator line before pos starts
	tail bool // that line has content of its own
	done bool
	dash int // a separator of dashes at or behind pos, when one was found before
	dots int // the same for dots
}

// skipBOM skips a UTF-8 byte order mark.
func (s *splitter) skipBOM() {
	if strings.HasPrefix(s.src, "\uFEFF") {
		s.pos, s.head = 3, 3
	}
}

// next returns the next document's text; ok is false at the end of the file.
func (s *splitter) next() (c chunk, ok bool) {
	if s.done {
		return chunk{}, false
	}
	c = chunk{start: s.pos, startLine: s.line}
	if s.tail { // content behind the separator
		c.start, c.inline, s.tail = s.head, true, false
		c.startLine = s.line - strings.Count(s.src[s.head:s.pos], "\n")
	}
	sep := s.separator()
	c.end = sep
	s.firstContent(&c)
	if !c.inline && c.content < sep && s.src[c.content] == '%' {
		c.inline = true // directives belong to the document behind the separator
		s.take(sep)
		s.tail = false
		sep = s.separator()
		c.end = sep
	}
	s.take(sep)
	return c, true
}

// separator returns the offset of the next separator line at or behind pos, or the end of the file.
func (s *splitter) separator() int {
	at := s.pos
	if at == 0 || s.src[at-1] == '\n' || at == 3 && s.head == 3 {
		if isSeparator(s.src[at:]) {
			return at
		}
	}
	if s.dash < at || s.dash == 0 { // search on from where the last search ended, never twice
		s.dash = s.find(at, "\n---")
	}
	if s.dots < at || s.dots == 0 {
		s.dots = s.find(at, "\n...")
	}
	return min(s.dash, s.dots)
}

// find returns the offset of the next line that starts with mark[1:] and is a separator.
func (s *splitter) find(at int, mark string) int {
	for {
		i := strings.Index(s.src[at:], mark)
		if i < 0 {
			return len(s.src)
		}
		at += i + 1
		if isSeparator(s.src[at:]) {
			return at
		}
	}
}

// isSeparator reports whether a line that starts with s is "---" or "...", alone or before a blank.
func isSeparator(s string) bool {
	if len(s) < 3 || s[:3] != "---" && s[:3] != "..." {
		return false
	}
	return len(s) == 3 || isBlank(s[3]) || isBreak(s[3])
}

// take moves behind the separator line at sep and looks for content on it.
func (s *splitter) take(sep int) {
	s.line += strings.Count(s.src[s.pos:sep], "\n")
	s.pos, s.head = sep, sep
	if sep == len(s.src) {
		s.done = true
		return
	}
	end := strings.IndexByte(s.src[sep:], '\n')
	rest := s.src[sep+3:]
	if end >= 0 {
		rest = s.src[sep+3 : sep+end]
	}
	rest = strings.Trim(rest, " \t\r")
	if rest != "" && rest[0] != '#' {
		s.tail = true
	}
	if end < 0 {
		s.pos = len(s.src)
	} else {
		s.pos = sep + end + 1
		s.line++
	}
}

// firstContent finds the chunk's first byte that is neither blank nor comment.
func (s *splitter) firstContent(c *chunk) {
	at, line := c.start, c.startLine
scan:
	for at < c.end && !c.inline {
		switch s.src[at] {
		case '\n':
			line++
		case ' ', '\r':
		case '\t':
			c.tabs = true
		case '#':
			i := strings.IndexAny(s.src[at:c.end], "\r\n")
			if i < 0 {
				at = c.end
				break scan
			}
			at += i
			continue
		default:
			break scan
		}
		at++
	}
	c.content, c.contentLine = at, line
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
func isBreak(c byte) bool { return c == '\n' || c == '\r' }
