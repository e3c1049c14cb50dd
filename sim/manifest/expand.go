package manifest

import "strings"

// Expand returns one Document for each object in doc: doc itself, or the items of a v1 List or of any
// kind that ends in List and has items, and of the lists among those. Items without apiVersion and kind, as
// the API server sends them inside a PodList, get them from their list.
func Expand(doc Document) []Document {
	items := listItems(doc.Root)
	if items == nil {
		return []Document{doc}
	}
	var out []Document
	for i := range items.Items {
		root := &items.Items[i]
		if root.Kind == Null {
			continue
		}
		if root.Kind == Map {
			root = typed(root, doc.Root)
		}
		item := Document{Root: root, File: doc.File, Line: int(root.Line), Index: doc.Index}
		out = append(out, Expand(item)...)
	}
	return out
}

// listItems returns the items of a list object, or nil when n is not one. A list without items has an
// empty node.
func listItems(n *Node) *Node {
	if !strings.HasSuffix(n.Get("kind").Str(), "List") {
		return nil
	}
	items := n.Get("items")
	switch {
	case items == nil:
		if n.Get("kind").Str() != "List" {
			return nil // a kind of its own that happens to end so
		}
		return &Node{Kind: List}
	case items.Kind == List, items.Kind == Null:
		return items
	}
	return nil
}

// typed returns item with the apiVersion and kind that list implies, when item has neither.
func typed(item, list *Node) *Node {
	kind := strings.TrimSuffix(list.Get("kind").Str(), "List")
	if kind == "" || item.Get("kind") != nil || item.Get("apiVersion") != nil {
		return item
	}
	out := *item
	at := *list.Get("kind")
	at.Value = kind
	out.Keys = append([]Key{{"kind", at.Line, at.Col}}, item.Keys...)
	out.Items = append([]Node{at}, item.Items...)
	if v := list.Get("apiVersion"); v != nil {
		out.Keys = append(out.Keys, Key{"apiVersion", v.Line, v.Col})
		out.Items = append(out.Items, *v)
	}
	return &out
}
