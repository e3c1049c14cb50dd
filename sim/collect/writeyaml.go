package collect

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/netfate/netfate/sim/manifest"
)

// appendYAML appends a tree as block YAML that reads back as the same tree.
func appendYAML(b []byte, n *manifest.Node) []byte {
	if n.Kind == manifest.Map && len(n.Items) > 0 {
		return appendMap(b, n, 0, 0)
	}
	return appendValue(b, n, 0)
}

// appendMap appends the entries of a map; the first one is indented by first only.
func appendMap(b []byte, n *manifest.Node, first, indent int) []byte {
	for i := range n.Items {
		b = appendSpaces(b, first)
		first = indent
		b = append(appendString(b, n.Keys[i].Name), ':')
		b = appendValue(b, &n.Items[i], indent)
	}
	return b
}

// appendValue appends what follows "key:", up to the line's end; indent is that of the key.
func appendValue(b []byte, n *manifest.Node, indent int) []byte {
	switch {
	case n.Kind == manifest.Map && len(n.Items) > 0:
		return appendMap(append(b, '\n'), n, indent+2, indent+2)
	case n.Kind == manifest.Map:
		return append(b, " {}\n"...)
	case n.Kind == manifest.List && len(n.Items) > 0:
		b = append(b, '\n')
		for i := range n.Items {
			b = appendItem(b, &n.Items[i], indent)
		}
		return b
	case n.Kind == manifest.List:
		return append(b, " []\n"...)
	}
	return append(appendScalar(append(b, ' '), n), '\n')
}

func appendItem(b []byte, n *manifest.Node, indent int) []byte {
	b = append(appendSpaces(b, indent), '-')
	if n.Kind == manifest.Map && len(n.Items) > 0 {
		return appendMap(append(b, ' '), n, 0, indent+2)
	}
	return appendValue(b, n, indent+2)
}

func appendSpaces(b []byte, n int) []byte {
	const blanks = "                                "
	for ; n > len(blanks); n -= len(blanks) {
		b = append(b, blanks...)
	}
	return append(b, blanks[:n]...)
}

func appendScalar(b []byte, n *manifest.Node) []byte {
	switch n.Kind {
	case manifest.Null:
		return append(b, "null"...)
	case manifest.String:
		return appendString(b, n.Value)
	}
	return append(b, n.Value...)
}

// appendString appends a string plain where nothing could be meant by it but a string, quoted otherwise.
func appendString(b []byte, s string) []byte {
	if isPlainWord(s) {
		return append(b, s...)
	}
	return appendQuoted(b, s)
}

// appendQuoted appends a string so that it means the same in JSON and in YAML.
func appendQuoted(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return append(b, quotedOdd(s)...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// quotedOdd quotes a string that needs more than quotes around it.
func quotedOdd(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return `""` // a string always has JSON
	}
	return escapeControls(strings.TrimSuffix(b.String(), "\n"))
}

// escapeControls escapes what JSON lets pass in a string and YAML does not.
func escapeControls(s string) string {
	if !strings.ContainsAny(s, "\x7f\u0085\ufeff") {
		return s
	}
	return strings.NewReplacer("\x7f", `\u007f`, "\u0085", `\u0085`, "\ufeff", `\ufeff`).Replace(s)
}

func isPlainWord(s string) bool {
	if s == "" || len(s) > 253 || !isLetter(s[0]) {
		return false
	}
	for i := 1; i < len(s); i++ {
		if c := s[i]; !isLetter(c) && (c < '0' || c > '9') && c != '-' && c != '.' && c != '/' && c != '_' {
			return false
		}
	}
	if len(s) > len("false") {
		return true
	}
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf":
		return false
	}
	return true
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
