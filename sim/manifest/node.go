package manifest

import "strconv"

// Kind says what a Node is, as the API server would see it in JSON.
type Kind uint8

// The kinds of node. The zero value is Null.
const (
	Null Kind = iota
	Bool
	Int
	Float
	String
	Map
	List
)

// String returns the kind in the words of an error message.
func (k Kind) String() string {
	switch k {
	case Null:
		return "null"
	case Bool:
		return "a boolean"
	case Int, Float:
		return "a number"
	case String:
		return "a string"
	case Map:
		return "a map"
	case List:
		return "a list"
	}
	return "an unknown kind"
}

// Node is one value of a document. A tree of nodes is read-only and may be used by many goroutines.
//
// Value may alias the file's text, and Items and Keys are cut from chunks that the documents of a file
// share: keeping one node alive keeps its chunk and its file alive.
type Node struct {
	// Kind says which of the other fields mean something.
	Kind Kind
	// Line and Col are the 1-based position of the value's first byte; Col counts bytes. An
	// anchor or a tag belongs to its value. A missing
	// value ("key:") stands behind its colon. Both are 0 when the node did not come from a file.
	Line, Col uint32
	// Value is the text of a scalar: a String unescaped and unquoted, a Bool "true" or "false", an Int
	// or Float as a JSON number (0x1F is "31"). It is empty for Null, Map and List.
	Value string
	// Items are the items of a List or the values of a Map.
	Items []Node
	// Keys are the keys of a Map, in the order of the file, as many as Items.
	Keys []Key
}

// Key is a key of a map and where it stands.
type Key struct {
	Name      string
	Line, Col uint32
}

// Get returns the value under key, or nil when n is nil, is not a map or has no such key.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Keys {
		if n.Keys[i].Name == key {
			return &n.Items[i]
		}
	}
	return nil
}

// At follows path, whose elements are keys or, in a list, indices ("0"). It returns nil when the path
// ends early.
func (n *Node) At(path ...string) *Node {
	for _, p := range path {
		if n == nil {
			return nil
		}
		if n.Kind != List {
			n = n.Get(p)
			continue
		}
		n = n.item(p)
	}
	return n
}

// item returns the item whose index is written in index, or nil.
func (n *Node) item(index string) *Node {
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(n.Items) {
		return nil
	}
	return &n.Items[i]
}

// Len returns the number of items of a list or of entries of a map, 0 for all else and for nil.
func (n *Node) Len() int {
	if n == nil {
		return 0
	}
	return len(n.Items)
}

// Str returns the text of a scalar, or "" for maps, lists, null and nil.
func (n *Node) Str() string {
	if n == nil {
		return ""
	}
	return n.Value
}

// Document is one document of a file.
type Document struct {
	// Root is the document's value, nil when the document is broken.
	Root *Node
	// File is the name given to Parse.
	File string
	// Line is the 1-based line of the first content, comments aside.
	Line int
	// Index counts the documents of the file from 0; those that hold only comments do not count.
	Index int
	// Raw is the document's text without its separator lines; nil for an item that Expand took from
	// a list.
	Raw []byte
}

// Clone returns a copy of the tree in memory of its own: for what is to outlive the next call of a
// Reader, or a small part that should not keep a large file's tree alive.
func (n *Node) Clone() *Node {
	if n == nil {
		return nil
	}
	c := *n
	c.cloneParts()
	return &c
}

func (n *Node) cloneParts() {
	if n.Items != nil {
		n.Items = append([]Node(nil), n.Items...)
	}
	if n.Keys != nil {
		n.Keys = append([]Key(nil), n.Keys...)
	}
	for i := range n.Items {
		n.Items[i].cloneParts()
	}
}
