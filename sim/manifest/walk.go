package manifest

import (
	"encoding/base64"
	"reflect"
	"strings"
)

// walker goes over a tree and a type together. With an invalid reflect.Value it only checks.
type walker struct {
	file    string
	lenient bool
	errs    []Error
	path    []step
}

// step is one element of the path to the current node; the path is only written out for an error.
type step struct {
	key   string
	index int   // -1 for a key
	owner *plan // of the struct that a key belongs to
}

// value decodes n as the plan says. Null means absent, as in JSON.
func (w *walker) value(n *Node, p *plan, v reflect.Value, skip *skipNode) {
	if n.Kind == Null {
		return
	}
	if skip != nil && skip.leaf {
		v = reflect.Value{}
	}
	switch p.op {
	case opPointer:
		if v.IsValid() {
			if v.IsNil() {
				v.Set(reflect.New(p.elem.typ))
			}
			v = v.Elem()
		}
		w.value(n, p.elem, v, skip)
	case opStruct:
		w.structure(n, p, v, skip)
	case opSlice:
		w.slice(n, p, v, skip)
	case opMap:
		w.mapping(n, p, v, skip)
	case opStringMap:
		w.stringMap(n, v)
	case opStrings:
		w.strings(n, v)
	default:
		w.scalar(n, p, v)
	}
}

// structure decodes a map into a struct.
func (w *walker) structure(n *Node, p *plan, v reflect.Value, skip *skipNode) {
	if n.Kind != Map {
		w.wrongKind(n, "a map")
		return
	}
	w.path = append(w.path, step{index: -1, owner: p})
	for i := range n.Keys {
		k := &n.Keys[i]
		w.path[len(w.path)-1].key = k.Name
		at, ok := p.index[k.Name]
		if !ok {
			w.unknown(k, p)
			continue
		}
		f := &p.fields[at]
		var fv reflect.Value
		if v.IsValid() && (n.Items[i].Kind != Null || f.index != nil) {
			fv = f.of(v) // a null too makes the embedded pointers, as encoding/json does
		}
		w.value(&n.Items[i], f.plan, fv, skip.child(k.Name))
	}
	w.path = w.path[:len(w.path)-1]
}

// slice decodes a list.
func (w *walker) slice(n *Node, p *plan, v reflect.Value, skip *skipNode) {
	if n.Kind != List {
		w.wrongKind(n, "a list")
		return
	}
	skip = skip.child("[]")
	if skip != nil && skip.leaf {
		v = reflect.Value{}
	}
	if v.IsValid() {
		v.Set(reflect.MakeSlice(p.typ, len(n.Items), len(n.Items)))
	}
	w.path = append(w.path, step{})
	for i := range n.Items {
		w.path[len(w.path)-1].index = i
		var item reflect.Value
		if v.IsValid() {
			item = v.Index(i)
		}
		w.value(&n.Items[i], p.elem, item, skip)
	}
	w.path = w.path[:len(w.path)-1]
}

// mapping decodes a map with string keys.
func (w *walker) mapping(n *Node, p *plan, v reflect.Value, skip *skipNode) {
	if n.Kind != Map {
		w.wrongKind(n, "a map")
		return
	}
	var item reflect.Value
	if v.IsValid() {
		v.Set(reflect.MakeMapWithSize(p.typ, len(n.Keys)))
		item = reflect.New(p.elem.typ).Elem()
	}
	w.path = append(w.path, step{index: -1})
	for i := range n.Keys {
		key := n.Keys[i].Name
		w.path[len(w.path)-1].key = key
		if v.IsValid() {
			item.SetZero()
		}
		w.value(&n.Items[i], p.elem, item, skip.child(key))
		if v.IsValid() {
			v.SetMapIndex(reflect.ValueOf(key).Convert(p.typ.Key()), item)
		}
	}
	w.path = w.path[:len(w.path)-1]
}

// stringMap decodes a map[string]string, the type of labels.
func (w *walker) stringMap(n *Node, v reflect.Value) {
	if n.Kind != Map {
		w.wrongKind(n, "a map")
		return
	}
	var m map[string]string
	if v.IsValid() {
		m = make(map[string]string, len(n.Keys))
	}
	for i := range n.Keys {
		item := &n.Items[i]
		if item.Kind != String && item.Kind != Null {
			w.path = append(w.path, step{key: n.Keys[i].Name, index: -1})
			w.wrongKind(item, "a string")
			w.path = w.path[:len(w.path)-1]
			continue
		}
		if m != nil {
			m[n.Keys[i].Name] = item.Value
		}
	}
	if m != nil {
		*v.Addr().Interface().(*map[string]string) = m
	}
}

// strings decodes a []string.
func (w *walker) strings(n *Node, v reflect.Value) {
	if n.Kind != List {
		w.wrongKind(n, "a list")
		return
	}
	var out []string
	if v.IsValid() {
		out = make([]string, len(n.Items))
		*v.Addr().Interface().(*[]string) = out
	}
	for i := range n.Items {
		item := &n.Items[i]
		if item.Kind != String && item.Kind != Null {
			w.path = append(w.path, step{index: i})
			w.wrongKind(item, "a string")
			w.path = w.path[:len(w.path)-1]
			continue
		}
		if out != nil {
			out[i] = item.Value
		}
	}
}

// bytes decodes base64.
func (w *walker) bytes(n *Node, v reflect.Value) {
	if n.Kind != String {
		w.wrongKind(n, "a string of base64")
		return
	}
	data, err := base64.StdEncoding.DecodeString(n.Value)
	if err != nil {
		w.fail(n, "must be base64", "encode it, or use stringData in a Secret")
		return
	}
	if v.IsValid() {
		v.SetBytes(data)
	}
}

// where writes the current path out.
func (w *walker) where() string { return pathText(w.path) }

func pathText(path []step) string {
	var b strings.Builder
	for _, s := range path {
		if s.index >= 0 {
			b.WriteString(JoinIndex("", s.index))
			continue
		}
		elem := JoinKey("", s.key)
		if b.Len() > 0 && elem[0] != '[' {
			b.WriteByte('.')
		}
		b.WriteString(elem)
	}
	return b.String()
}
