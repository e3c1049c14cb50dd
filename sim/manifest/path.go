package manifest

import (
	"strconv"
	"strings"
)

// JoinKey returns path extended by a key: "spec" and "egress" give "spec.egress". A key with characters
// that would make the path ambiguous is quoted: metadata.labels["app.kubernetes.io/name"].
func JoinKey(path, key string) string {
	if key == "" || strings.ContainsAny(key, `.[]"`) {
		return path + "[" + strconv.Quote(key) + "]"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// JoinIndex returns path extended by the index of a list: "spec.egress[0]".
func JoinIndex(path string, i int) string {
	return path + "[" + strconv.Itoa(i) + "]"
}

// Lookup returns the node at a path as error messages write them ("spec.ingress[0].from[1].ipBlock.cidr",
// `metadata.labels["app.kubernetes.io/name"]`), or nil. The empty path is n itself.
func Lookup(n *Node, path string) *Node {
	for path != "" && n != nil {
		elem, rest, ok := nextElem(path)
		if !ok {
			return nil
		}
		n, path = n.At(elem), rest
	}
	return n
}

// Pos returns the position of the deepest node that exists on the path, so that an error about a
// missing field points at the object that lacks it. It returns 0, 0 when n is nil.
func Pos(n *Node, path string) (line, col int) {
	if n == nil {
		return 0, 0
	}
	for path != "" {
		elem, rest, ok := nextElem(path)
		next := n.At(elem)
		if !ok || next == nil {
			break
		}
		n, path = next, rest
	}
	return int(n.Line), int(n.Col)
}

// KeyPos returns the position of the key that the path's last element names, or what Pos returns when
// there is no such key.
func KeyPos(n *Node, path string) (line, col int) {
	parent, last := n, ""
	for rest, first := path, true; rest != ""; first = false {
		if !first {
			parent = parent.At(last)
		}
		last, rest, _ = nextElem(rest)
	}
	if parent != nil && parent.Kind == Map {
		for i := range parent.Keys {
			if k := &parent.Keys[i]; k.Name == last {
				return int(k.Line), int(k.Col)
			}
		}
	}
	return Pos(n, path)
}

// nextElem cuts the first element off a path: a key, a quoted key or the digits of an index. ok is false
// when there is none.
func nextElem(path string) (elem, rest string, ok bool) {
	path = strings.TrimPrefix(path, ".")
	if strings.HasPrefix(path, `["`) {
		if q, err := strconv.QuotedPrefix(path[1:]); err == nil {
			key, err := strconv.Unquote(q)
			return key, strings.TrimPrefix(path[1+len(q):], "]"), err == nil
		}
	}
	if strings.HasPrefix(path, "[") {
		return strings.Cut(path[1:], "]")
	}
	end := strings.IndexAny(path, ".[")
	if end < 0 {
		end = len(path)
	}
	return path[:end], path[end:], end > 0
}
