package manifest

import (
	"strconv"
	"unicode/utf8"
)

// JSON returns the subtree as JSON text, keys in the order of the file. A nil node is null.
func (n *Node) JSON() []byte {
	return n.appendJSON(make([]byte, 0, 64))
}

func (n *Node) appendJSON(b []byte) []byte {
	if n == nil {
		return append(b, "null"...)
	}
	switch n.Kind {
	case Bool, Int, Float:
		return append(b, n.Value...)
	case String:
		return appendQuoted(b, n.Value)
	case List:
		b = append(b, '[')
		for i := range n.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = n.Items[i].appendJSON(b)
		}
		return append(b, ']')
	case Map:
		b = append(b, '{')
		for i := range n.Keys {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendQuoted(b, n.Keys[i].Name)
			b = append(b, ':')
			b = n.Items[i].appendJSON(b)
		}
		return append(b, '}')
	}
	return append(b, "null"...)
}

// appendQuoted appends s as a JSON string.
func appendQuoted(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		size, esc := 1, ""
		switch {
		case c == '"':
			esc = `\"`
		case c == '\\':
			esc = `\\`
		case c == '\n':
			esc = `\n`
		case c == '\r':
			esc = `\r`
		case c == '\t':
			esc = `\t`
		case c < 0x20:
			esc = `\u00` + string(hex[c>>4]) + string(hex[c&15])
		default:
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size != 1 {
				i += size
				continue
			}
			esc = `\ufffd`
		}
		b = append(append(b, s[start:i]...), esc...)
		i += size
		start = i
	}
	return append(append(b, s[start:]...), '"')
}

// Any returns the subtree as Kubernetes decodes JSON into an interface: map[string]any, []any, string,
// bool, nil, int64 where a number is whole and fits, float64 where not.
func (n *Node) Any() any {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case Bool:
		return n.Value == "true"
	case Int, Float:
		if i, err := strconv.ParseInt(n.Value, 10, 64); err == nil {
			return i
		}
		f, _ := strconv.ParseFloat(n.Value, 64) // the parsers checked that it is a number
		return f
	case String:
		return n.Value
	case List:
		out := make([]any, len(n.Items))
		for i := range n.Items {
			out[i] = n.Items[i].Any()
		}
		return out
	case Map:
		out := make(map[string]any, len(n.Keys))
		for i := range n.Keys {
			out[n.Keys[i].Name] = n.Items[i].Any()
		}
		return out
	}
	return nil
}
