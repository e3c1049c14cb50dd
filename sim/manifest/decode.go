package manifest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// DecodeOptions change how strictly and how much Decode decodes.
type DecodeOptions struct {
	// Lenient turns unknown fields into warnings: Errors with Warning set.
	Lenient bool
	// Skip lists fields that are checked but not stored, as paths with [] for any index and * for any
	// key: "spec.containers[].env". Storing what nobody reads is most of the cost of decoding a Pod.
	Skip []string
}

// Decoder turns trees into Go values. It plans each type once; a program keeps one. It is safe for
// concurrent use.
type Decoder struct {
	plans planner
	skips atomic.Pointer[skipSet] // the last set of Skip paths, compiled
	idle  sync.Pool               // walkers, for the memory of their paths
}

// NewDecoder returns an empty Decoder.
func NewDecoder() *Decoder {
	return &Decoder{plans: planner{plans: make(map[reflect.Type]*plan)}}
}

// Decode decodes n strictly with a Decoder of its own. Whoever decodes many objects keeps a Decoder.
func Decode(file string, n *Node, into any, opts DecodeOptions) []Error {
	return NewDecoder().Decode(file, n, into, opts)
}

// Validate checks n against t, a struct type such as corev1.Pod, with a Decoder of its own.
func Validate(file string, n *Node, t reflect.Type, opts DecodeOptions) []Error {
	return NewDecoder().Validate(file, n, t, opts)
}

// Decode stores n in the Go value that into points to, which must be zero: fields that n lacks or that
// are null stay as they are. Field names are those of the JSON tags, in their exact case, as in the API
// server's strict decoding. It returns all errors, in the order of the file; what is right is decoded
// even so. Strings may alias the file's text.
func (d *Decoder) Decode(file string, n *Node, into any, opts DecodeOptions) []Error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return []Error{{File: file, Msg: fmt.Sprintf("cannot decode into %T: a non-nil pointer is needed", into)}}
	}
	return d.walk(file, n, v.Type().Elem(), v.Elem(), opts)
}

// Validate checks n against t as Decode does, without building the value.
func (d *Decoder) Validate(file string, n *Node, t reflect.Type, opts DecodeOptions) []Error {
	return d.walk(file, n, t, reflect.Value{}, opts)
}

// Known reports whether a path such as "spec.ingress[].from" names a field of t. Any index and any map
// key will do. Inside values that decode themselves every path is known.
func (d *Decoder) Known(t reflect.Type, path string) bool {
	p := d.plans.of(t)
	for path != "" {
		elem, rest, ok := nextElem(path)
		if !ok {
			return false
		}
		path = rest
		for p.op == opPointer {
			p = p.elem
		}
		switch p.op {
		case opStruct:
			i, ok := p.index[elem]
			if !ok {
				return false
			}
			p = p.fields[i].plan
		case opSlice, opMap:
			p = p.elem
		case opStringMap, opStrings:
			return path == ""
		case opJSON, opAny:
			return true
		default:
			return false
		}
	}
	return true
}

func (d *Decoder) walk(file string, n *Node, t reflect.Type, v reflect.Value, opts DecodeOptions) []Error {
	if n == nil {
		return []Error{{File: file, Msg: "there is nothing to decode"}}
	}
	w, ok := d.idle.Get().(*walker)
	if !ok {
		w = new(walker)
	}
	w.file, w.lenient = file, opts.Lenient
	w.value(n, d.plans.of(t), v, d.skip(opts.Skip))
	errs := w.errs
	*w = walker{path: w.path[:0]}
	d.idle.Put(w)
	return errs
}

// skipSet is a compiled list of Skip paths.
type skipSet struct {
	paths []string
	root  *skipNode
}

// skipNode is a node of the tree of Skip paths.
type skipNode struct {
	name string // "[]" for any index, "*" for any key
	leaf bool
	kids []*skipNode
}

// skip compiles paths, or returns what it compiled for the same paths before.
func (d *Decoder) skip(paths []string) *skipNode {
	if len(paths) == 0 {
		return nil
	}
	if last := d.skips.Load(); last != nil && slices.Equal(last.paths, paths) {
		return last.root
	}
	set := &skipSet{paths: slices.Clone(paths), root: &skipNode{}}
	for _, p := range paths {
		n := set.root
		for ok := true; p != "" && ok; {
			var elem string
			if strings.HasPrefix(p, "[]") {
				elem, p = "[]", p[2:]
			} else if elem, p, ok = nextElem(p); !ok {
				break
			}
			n = n.add(elem)
		}
		n.leaf = true
	}
	d.skips.Store(set)
	return set.root
}

// add returns the child with the name, making it when there is none.
func (s *skipNode) add(name string) *skipNode {
	for _, k := range s.kids {
		if k.name == name {
			return k
		}
	}
	k := &skipNode{name: name}
	s.kids = append(s.kids, k)
	return k
}

// child returns what is skipped below name, nil when nothing is.
func (s *skipNode) child(name string) *skipNode {
	if s == nil {
		return nil
	}
	for _, k := range s.kids {
		if k.name == name || k.name == "*" && name != "[]" {
			return k
		}
	}
	return nil
}
