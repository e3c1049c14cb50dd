package istio

import (
	"encoding/json"
	"slices"
	"strconv"
)

// shrink returns the smallest mesh it finds that still fails, by leaving out one
// thing after another: objects, then what is in them, then the mesh's settings.
func shrink(m *meshState, fails func(*meshState) bool) *meshState {
	for smaller := true; smaller; {
		smaller = false
		for i := 0; i < len(m.objects); i++ {
			if next := m.with(slices.Delete(slices.Clone(m.objects), i, i+1)); fails(next) {
				m, smaller = next, true
				i--
			}
		}
		for i := range m.objects {
			if o, ok := shrinkValue(m.objects[i], func(o any) bool { return fails(m.withObject(i, o)) }); ok {
				m, smaller = m.withObject(i, o), true
			}
		}
	}
	for k := range m.settings {
		next := *m
		next.settings = map[string]any{}
		for j, v := range m.settings {
			if j != k {
				next.settings[j] = v
			}
		}
		if fails(&next) {
			m = &next
		}
	}
	return m
}

func (m *meshState) withObject(i int, o any) *meshState {
	objects := slices.Clone(m.objects)
	objects[i] = o
	return m.with(objects)
}

// shrinkValue leaves out parts of an object while it still fails.
func shrinkValue(o any, fails func(any) bool) (any, bool) {
	found := false
	for again := true; again; {
		again = false
		for _, path := range parts(nil, o) {
			if next := remove(clone(o), path); fails(next) {
				o, found, again = next, true, true
				break
			}
		}
	}
	return o, found
}

// clone copies a value of maps and lists.
func clone(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		return v
	}
	var out any
	if err := json.Unmarshal(text, &out); err != nil {
		return v
	}
	return out
}

// parts lists the paths of all that can be left out, the outer first.
func parts(at []string, v any) [][]string {
	var out, inner [][]string
	add := func(key string, item any) {
		path := append(slices.Clone(at), key)
		out, inner = append(out, path), append(inner, parts(path, item)...)
	}
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			add(strconv.Itoa(i), item)
		}
	case map[string]any:
		for k, item := range v {
			if len(at) == 0 && k != "spec" || k == "jwks" { // without keys istiod would fetch them
				continue
			}
			add(k, item)
		}
	}
	if len(at) == 0 {
		return inner // not the whole spec
	}
	return append(out, inner...)
}

// remove returns the value without the part at a path.
func remove(v any, path []string) any {
	switch v := v.(type) {
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil || i >= len(v) {
			return v
		}
		if len(path) == 1 {
			return slices.Delete(v, i, i+1)
		}
		v[i] = remove(v[i], path[1:])
	case map[string]any:
		if len(path) == 1 {
			delete(v, path[0])
		} else {
			v[path[0]] = remove(v[path[0]], path[1:])
		}
	}
	return v
}
