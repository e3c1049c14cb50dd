package manifest

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/util/intstr"
)

// op says how a value of a type is decoded.
type op uint8

const (
	opUnsupported op = iota
	opString
	opBool
	opInt
	opUint
	opFloat
	opBytes
	opStrings   // []string
	opStringMap // map[string]string
	opSlice
	opMap
	opPointer
	opStruct
	opIntOrString
	opText // encoding.TextUnmarshaler
	opJSON // json.Unmarshaler
	opAny  // interface{}
)

// plan is what the decoder knows about a type. It is read-only once the Decoder hands it out.
type plan struct {
	op     op
	typ    reflect.Type
	elem   *plan // of a pointer, slice or map
	fields []field
	index  map[string]int
}

// field is one JSON field of a struct.
type field struct {
	name  string
	plan  *plan
	at    int   // the index, when the field is the struct's own
	index []int // the way through embedded structs, nil when at is enough
}

// planner builds and keeps plans.
type planner struct {
	mu    sync.RWMutex
	plans map[reflect.Type]*plan
}

// of returns the plan of t.
func (p *planner) of(t reflect.Type) *plan {
	p.mu.RLock()
	got := p.plans[t]
	p.mu.RUnlock()
	if got != nil {
		return got
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	// Build aside and publish at the end: readers must not see a type that is half planned.
	building := make(map[reflect.Type]*plan)
	got = p.build(t, building)
	for t, b := range building {
		if p.plans[t] == nil {
			p.plans[t] = b
		}
	}
	return got
}

// build returns the plan of t, known or new; new ones are added to building before their parts are
// built, because types may be recursive.
func (p *planner) build(t reflect.Type, building map[reflect.Type]*plan) *plan {
	if got := p.plans[t]; got != nil {
		return got
	}
	if got := building[t]; got != nil {
		return got
	}
	n := &plan{typ: t, op: opOf(t)}
	building[t] = n
	switch n.op {
	case opPointer, opSlice, opMap:
		n.elem = p.build(t.Elem(), building)
	case opStruct:
		n.fields = structFields(t)
		n.index = make(map[string]int, len(n.fields))
		for i := range n.fields {
			f := &n.fields[i]
			f.plan = p.build(fieldType(t, f), building)
			n.index[f.name] = i
		}
	}
	return n
}

// opOf chooses how to decode a type.
func opOf(t reflect.Type) op {
	switch {
	case t == reflect.TypeFor[intstr.IntOrString]():
		return opIntOrString
	case t.Kind() == reflect.Pointer: // nil for null, whatever the pointed-to type implements
		return opPointer
	case reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()):
		return opJSON
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return opText
	case t == reflect.TypeFor[[]string]():
		return opStrings
	case t == reflect.TypeFor[map[string]string]():
		return opStringMap
	}
	return opOfKind(t)
}

func opOfKind(t reflect.Type) op {
	switch t.Kind() {
	case reflect.String:
		return opString
	case reflect.Bool:
		return opBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return opInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return opUint
	case reflect.Float32, reflect.Float64:
		return opFloat
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return opBytes
		}
		return opSlice
	case reflect.Map:
		if t.Key().Kind() == reflect.String {
			return opMap
		}
	case reflect.Struct:
		return opStruct
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return opAny
		}
	}
	return opUnsupported
}

// structFields returns the JSON fields of a struct by the rules of encoding/json: embedded structs
// without a name are flattened, and of two fields with one name the shallower wins.
func structFields(t reflect.Type) []field {
	type level struct {
		typ   reflect.Type
		index []int
	}
	var out []field
	taken := make(map[string]bool)
	seen := make(map[reflect.Type]bool)
	for next := []level{{typ: t}}; len(next) > 0; {
		current := next
		next = nil
		found := make(map[string]int)
		for _, l := range current {
			if seen[l.typ] {
				continue
			}
			seen[l.typ] = true
			for i := range l.typ.NumField() {
				sf := l.typ.Field(i)
				name, embedded, ok := jsonName(sf)
				index := append(append([]int(nil), l.index...), i)
				switch {
				case !ok || taken[name]:
				case embedded:
					next = append(next, level{indirectType(sf.Type), index})
				case found[name] == 0:
					found[name] = 1
					out = append(out, newField(name, index))
				}
			}
		}
		for name := range found {
			taken[name] = true
		}
	}
	return out
}

func newField(name string, index []int) field {
	if len(index) == 1 {
		return field{name: name, at: index[0]}
	}
	return field{name: name, index: index}
}

// jsonName returns a struct field's JSON name, or that its own fields take its place; ok is false for
// fields that JSON does not see.
func jsonName(sf reflect.StructField) (name string, embedded, ok bool) {
	tag := sf.Tag.Get("json")
	if tag == "-" {
		return "", false, false
	}
	name, _, _ = strings.Cut(tag, ",")
	if sf.Anonymous && name == "" && indirectType(sf.Type).Kind() == reflect.Struct {
		return "", true, sf.IsExported() || sf.Type.Kind() != reflect.Pointer
	}
	if name == "" {
		name = sf.Name
	}
	return name, false, sf.IsExported()
}

func indirectType(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// fieldType returns the type of a field of t.
func fieldType(t reflect.Type, f *field) reflect.Type {
	if f.index == nil {
		return t.Field(f.at).Type
	}
	return t.FieldByIndex(f.index).Type
}

// of returns the field's value in the struct v, making embedded pointers on the way.
func (f *field) of(v reflect.Value) reflect.Value {
	if f.index == nil {
		return v.Field(f.at)
	}
	for i, at := range f.index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(at)
	}
	return v
}
