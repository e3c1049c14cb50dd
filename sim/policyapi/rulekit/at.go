package rulekit

import (
	"strconv"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// At is a place in an object: a node of its tree and the path to it. A place
// that the tree does not have keeps the position of the one above it.
type At struct {
	object    *model.Object
	node      *manifest.Node // nil where the tree has no such place
	path      string
	line, col uint32
}

// Root returns the place of the whole object.
func Root(o *model.Object) At {
	return At{object: o, node: o.Root, line: o.Line, col: o.Col}
}

// Key returns the place under a key of a map.
func (a At) Key(key string) At {
	path := key
	if a.path != "" {
		path = a.path + "." + key
	}
	return a.step(a.node.Get(key), path)
}

// Item returns the place of the i-th item of the list under key.
func (a At) Item(key string, i int) At {
	list := a.node.Get(key)
	var item *manifest.Node
	if i < list.Len() {
		item = &list.Items[i]
	}
	return a.step(item, a.path+"."+key+"["+strconv.Itoa(i)+"]")
}

// Sub returns the place of the i-th item of the list at a.
func (a At) Sub(i int) At {
	var item *manifest.Node
	if i < a.node.Len() {
		item = &a.node.Items[i]
	}
	return a.step(item, a.path+"["+strconv.Itoa(i)+"]")
}

func (a At) step(n *manifest.Node, path string) At {
	next := At{object: a.object, node: n, path: path, line: a.line, col: a.col}
	if n != nil && n.Line > 0 {
		next.line, next.col = n.Line, n.Col
	}
	return next
}

// Has tells whether the map at a has the key, with any value but null.
func (a At) Has(key string) bool {
	n := a.node.Get(key)
	return n != nil && n.Kind != manifest.Null
}

// Set returns how many keys the map at a has with a value that is not null.
func (a At) Set() int {
	if a.node == nil || a.node.Kind != manifest.Map {
		return 0
	}
	set := 0
	for i := range a.node.Items {
		if a.node.Items[i].Kind != manifest.Null {
			set++
		}
	}
	return set
}

// Exists tells whether the tree has the place, with any value but null.
func (a At) Exists() bool { return a.node != nil && a.node.Kind != manifest.Null }

// Node returns the node, nil where the tree has no such place.
func (a At) Node() *manifest.Node { return a.node }

// Path returns the field path, such as "spec.ingress[0].from[1]".
func (a At) Path() string { return a.path }

// Origin returns the place as an origin.
func (a At) Origin() model.Origin {
	return model.Origin{Object: a.object, Field: a.path, Line: a.line, Col: a.col}
}
