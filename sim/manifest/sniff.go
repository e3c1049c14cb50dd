package manifest

import (
	"bytes"
	"strings"
)

// Sniff guesses what object the text of a broken document describes, from the lines of its top level
// and of its metadata alone. What it is not sure of is "".
func Sniff(raw []byte) (kind, apiVersion, namespace, name string) {
	s := sniffer{top: -1, meta: -1}
	for len(raw) > 0 {
		line := raw
		if i := bytes.IndexByte(raw, '\n'); i >= 0 {
			line, raw = raw[:i], raw[i+1:]
		} else {
			raw = nil
		}
		s.line(strings.TrimRight(string(line[:min(len(line), 512)]), " \t\r"))
	}
	return s.found["kind"].text(), s.found["apiVersion"].text(), s.found["namespace"].text(), s.found["name"].text()
}

// sniffer is the state of Sniff between lines.
type sniffer struct {
	top, meta int // the indentation of the top level and of the fields of metadata, -1 before they are seen
	inMeta    bool
	found     map[string]sniffed
}

// sniffed is a value and whether it was seen once only.
type sniffed struct {
	value string
	twice bool
}

func (s sniffed) text() string {
	if s.twice {
		return ""
	}
	return s.value
}

// line takes one line into account.
func (s *sniffer) line(line string) {
	body := strings.TrimLeft(line, " \t")
	if body == "" || body == "{" || body[0] == '#' || strings.HasPrefix(body, "---") {
		return
	}
	key, value, ok := strings.Cut(body, ":")
	if !ok {
		return
	}
	key = strings.Trim(strings.TrimSpace(key), `"'`)
	indent := len(line) - len(body)
	if s.top < 0 {
		s.top = indent
	}
	switch {
	case indent <= s.top:
		s.inMeta = key == "metadata"
		s.meta = -1
		if indent == s.top && (key == "kind" || key == "apiVersion") {
			s.note(key, value)
		}
	case s.inMeta:
		if s.meta < 0 {
			s.meta = indent
		}
		if indent == s.meta && (key == "name" || key == "namespace") {
			s.note(key, value)
		}
	}
}

// note records a value, unless it is not a plain word.
func (s *sniffer) note(key, value string) {
	value = strings.TrimSpace(value)
	if i := strings.Index(value, " #"); i >= 0 {
		value = strings.TrimSpace(value[:i])
	}
	value = strings.Trim(strings.TrimSuffix(value, ","), `"'`)
	if value == "" || strings.ContainsAny(value, " {}[]\"'&*!|>%@`") {
		return
	}
	if s.found == nil {
		s.found = make(map[string]sniffed)
	}
	_, twice := s.found[key]
	s.found[key] = sniffed{value, twice}
}
