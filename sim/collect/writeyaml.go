package collect

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/netfate/netfate/sim/manifest"
)

// writeYAML writes a tree as block YAML that reads back as the same tree.
func writeYAML(b *bytes.Buffer, n *manifest.Node) {
	if n.Kind == manifest.Map && len(n.Items) > 0 {
		writeMap(b, n, 0, 0)
		return
	}
	writeValue(b, n, 0)
}

// writeMap writes the entries of a map; the first one is indented by first only.
func writeMap(b *bytes.Buffer, n *manifest.Node, first, indent int) {
	for i := range n.Items {
		spaces(b, first)
		first = indent
		b.WriteString(yamlString(n.Keys[i].Name))
		b.WriteByte(':')
		writeValue(b, &n.Items[i], indent)
	}
}

// writeValue writes what follows "key:", up to the line's end; indent is that of the key.
func writeValue(b *bytes.Buffer, n *manifest.Node, indent int) {
	switch {
	case n.Kind == manifest.Map && len(n.Items) > 0:
		b.WriteByte('\n')
		writeMap(b, n, indent+2, indent+2)
	case n.Kind == manifest.Map:
		b.WriteString(" {}\n")
	case n.Kind == manifest.List && len(n.Items) > 0:
		b.WriteByte('\n')
		for i := range n.Items {
			writeItem(b, &n.Items[i], indent)
		}
	case n.Kind == manifest.List:
		b.WriteString(" []\n")
	default:
		b.WriteString(" " + yamlScalar(n) + "\n")
	}
}

func writeItem(b *bytes.Buffer, n *manifest.Node, indent int) {
	spaces(b, indent)
	b.WriteByte('-')
	if n.Kind == manifest.Map && len(n.Items) > 0 {
		b.WriteByte(' ')
		writeMap(b, n, 0, indent+2)
		return
	}
	writeValue(b, n, indent+2)
}

func spaces(b *bytes.Buffer, n int) {
	for range n {
		b.WriteByte(' ')
	}
}

func yamlScalar(n *manifest.Node) string {
	switch n.Kind {
	case manifest.Null:
		return "null"
	case manifest.String:
		return yamlString(n.Value)
	}
	return n.Value
}

// yamlString returns a string plain where nothing could be meant by it but a string, quoted otherwise.
func yamlString(s string) string {
	if isPlainWord(s) {
		return s
	}
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
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf":
		return false
	}
	return true
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
