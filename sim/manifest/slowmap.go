package manifest

import (
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
)

// mapping converts a map. Merge keys act in the order of the file, as in yaml/v2: a merge overrides
// the keys above it and the keys below override the merge.
func (v *converter) mapping(n *yaml.Node, out *Node, depth int) bool {
	out.Kind = Map
	out.Items = make([]Node, 0, len(n.Content)/2)
	out.Keys = make([]Key, 0, len(n.Content)/2)
	m := mapBuilder{out: out, index: make(map[string]int), own: make(map[string]bool)}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, val := n.Content[i], n.Content[i+1]
		if v.isMerge(k) {
			if !v.merge(val, &m, depth) {
				return false
			}
			continue
		}
		if !v.entry(k, val, &m, depth) {
			return false
		}
	}
	return true
}

// entry converts one key and its value.
func (v *converter) entry(k, val *yaml.Node, m *mapBuilder, depth int) bool {
	name, ok := v.keyName(k)
	if !ok {
		return false
	}
	line, col := v.position(k)
	if m.own[name] {
		return v.fail(k, duplicateKey(name, m.out.Keys[m.index[name]].Line), "")
	}
	m.own[name] = true
	var item Node
	if !v.node(val, &item, depth+1) {
		return false
	}
	m.set(Key{Name: name, Line: uint32(line), Col: uint32(col)}, item)
	return true
}

// merge applies the value of a merge key: a map or a list of maps, the first of which wins.
func (v *converter) merge(val *yaml.Node, m *mapBuilder, depth int) bool {
	sources := []*yaml.Node{val}
	if val.Kind == yaml.SequenceNode {
		sources = val.Content
	}
	for i := len(sources) - 1; i >= 0; i-- {
		src := sources[i]
		if resolved := src; resolved.Kind == yaml.AliasNode && resolved.Alias.Kind != yaml.MappingNode ||
			resolved.Kind != yaml.AliasNode && resolved.Kind != yaml.MappingNode {
			return v.fail(src, "a merge key needs a map or a list of maps", "")
		}
		var merged Node
		if !v.node(src, &merged, depth+1) {
			return false
		}
		for j, k := range merged.Keys {
			m.set(k, merged.Items[j])
		}
	}
	return true
}

// mapBuilder collects the entries of a map whose keys may be overridden by merges.
type mapBuilder struct {
	out   *Node
	index map[string]int
	own   map[string]bool // keys written in the map itself
}

func (m *mapBuilder) set(k Key, item Node) {
	if i, ok := m.index[k.Name]; ok {
		m.out.Keys[i], m.out.Items[i] = k, item
		return
	}
	m.index[k.Name] = len(m.out.Keys)
	m.out.Keys = append(m.out.Keys, k)
	m.out.Items = append(m.out.Items, item)
}

// isMerge reports whether k is the merge key.
func (v *converter) isMerge(k *yaml.Node) bool {
	if k.Kind != yaml.ScalarNode || k.Value != "<<" {
		return false
	}
	return k.Style == 0 && !v.nonSpecificTag(k) || k.Tag == "!!merge"
}

// keyName returns the JSON name of the key k.
func (v *converter) keyName(k *yaml.Node) (string, bool) {
	for hops := 0; k.Kind == yaml.AliasNode && hops < 8; hops++ {
		k = k.Alias
	}
	if k.Kind != yaml.ScalarNode {
		line := v.src[v.offset(k):lineEnd(v.src, v.offset(k))]
		return "", v.fail(k, "a map or a list cannot be a key", syntaxHint("{"+line))
	}
	if k.Style == 0 && !v.nonSpecificTag(k) {
		name, ok := resolveKey(k.Value)
		if !ok {
			return "", v.fail(k, "the key "+strconv.Quote(k.Value)+" cannot be a name in JSON", "quote it")
		}
		return name, true
	}
	var key Node
	if !v.scalar(k, &key) {
		return "", false
	}
	if key.Kind == String {
		return key.Value, true
	}
	name, ok := resolveKey(key.Value)
	if !ok {
		return "", v.fail(k, "the key "+strconv.Quote(k.Value)+" cannot be a name in JSON", "quote it")
	}
	return name, true
}

// isTimestamp reports whether yaml/v2 takes s for a time.
func isTimestamp(s string) bool {
	if countDigits(s) != 4 || len(s) == 4 || s[4] != '-' {
		return false
	}
	for _, layout := range []string{"2006-1-2T15:4:5.999999999Z07:00", "2006-1-2t15:4:5.999999999Z07:00",
		"2006-1-2 15:4:5.999999999", "2006-1-2"} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}
