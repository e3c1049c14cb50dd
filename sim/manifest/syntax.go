package manifest

import (
	"fmt"
	"strconv"
	"strings"
)

// The sentences that more than one parser says.

func duplicateKey(name string, first uint32) string {
	return fmt.Sprintf("the key %q is given twice; it stands first on line %d", name, first)
}

func tooDeep(lim Limits) string {
	return fmt.Sprintf("maps and lists are nested more than %d levels deep", lim.MaxDepth)
}

func tooMany(lim Limits) string {
	return fmt.Sprintf("the document holds more than %d values", lim.MaxNodes)
}

func notFinite(s string) string {
	return s + " is a number that JSON, and so Kubernetes, cannot hold"
}

// place is a position in a file; the zero place is unknown.
type place struct {
	at        int
	line, col int
}

// stop returns where the parser stands, unless it has not begun.
func (p *parser) stop(c chunk) place {
	if p.pos <= c.start || p.pos < p.bol {
		return place{}
	}
	return place{at: p.pos, line: int(p.line), col: p.col() + 1}
}

// explainSyntax turns a message of the YAML library ("yaml: line 3: did not find expected key") into an
// Error. The library often names the line where the broken map or list starts; where the fast parser
// got further, its position is the better one.
func explainSyntax(src string, c chunk, stop place, msg string) *Error {
	msg = strings.TrimPrefix(msg, "yaml: ")
	line := 1
	if rest, ok := strings.CutPrefix(msg, "line "); ok {
		if n, text, ok := strings.Cut(rest, ": "); ok {
			if l, err := strconv.Atoi(n); err == nil {
				line, msg = l, text
			}
		}
	}
	if strings.HasSuffix(msg, "end of stream") && stop.line > 0 && strings.Contains("\"'", src[stop.at:min(stop.at+1, c.end)]) {
		return &Error{Line: stop.line, Col: stop.col, Msg: "the quote that opens here is not closed"}
	}
	if stop.line >= c.startLine+line-1 {
		bol := strings.LastIndexByte(src[:stop.at], '\n') + 1
		hint := syntaxHint(src[bol:lineEnd(src[:c.end], bol)])
		if hint == "" {
			hint = explainLine(src, c, line-1, msg).Hint
		}
		return &Error{Line: stop.line, Col: stop.col, Msg: msg, Hint: hint}
	}
	return explainLine(src, c, line, msg)
}

// explainLine makes an Error for line, counted from the start of the document, or for the one behind it
// when that one is what looks wrong.
func explainLine(src string, c chunk, line int, msg string) *Error {
	lines := strings.Split(src[c.start:c.end], "\n")
	line = max(1, min(line, len(lines)))
	at, hint := line, ""
	for l := line; l <= min(line+1, len(lines)) && hint == ""; l++ {
		if hint = syntaxHint(lines[l-1]); hint != "" {
			at = l
		}
	}
	text := lines[at-1]
	indent := len(text) - len(strings.TrimLeft(text, " \t"))
	return &Error{Line: c.startLine + at - 1, Col: indent + 1, Msg: msg, Hint: hint}
}

// syntaxHint guesses from a line's text why it cannot be read.
func syntaxHint(line string) string {
	body := strings.TrimLeft(line, " ")
	switch {
	case strings.Contains(line, "{{"):
		return "this looks like a template; render it first"
	case strings.HasPrefix(body, "\t"):
		return "YAML does not allow tabs in the indentation; use spaces"
	case strings.HasPrefix(body, "<<<<<<<"), strings.HasPrefix(body, "======="), strings.HasPrefix(body, ">>>>>>>"):
		return "this is a merge conflict"
	}
	_, value, ok := strings.Cut(body, ": ")
	if !ok || value == "" {
		return ""
	}
	switch c := value[0]; {
	case c == '@' || c == '`' || c == '%':
		return "a value cannot start with " + string(c) + "; quote it"
	case c == '*':
		return "a value that starts with * is an alias; quote it"
	case c != '"' && c != '\'' && c != '{' && c != '[' && strings.Contains(value, ": "):
		return `a value with ": " in it must be quoted`
	}
	return ""
}
