package clusters

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
)

// itemReader makes objects of the items of one list. It parses each item in the memory of the one before
// and copies what is kept of it: most of an item is managed fields, status and environment.
type itemReader struct {
	kind   policyapi.Kind
	parser *manifest.Reader
	texts  texts
}

func newItemReader(k policyapi.Kind) *itemReader {
	l := collect.DefaultLimits()
	limits := manifest.DefaultLimits()
	limits.MaxBytes, limits.MaxDepth = l.FileBytes, l.Depth
	return &itemReader{kind: k, parser: manifest.NewReader(limits), texts: texts{}}
}

// object returns the object of an item, stripped as collect.Strip does.
func (r *itemReader) object(item []byte) (*model.Object, error) {
	docs, errs := r.parser.Parse("", item)
	switch {
	case len(errs) > 0:
		return nil, errors.New(errs[0].Msg)
	case len(docs) != 1 || docs[0].Root == nil || docs[0].Root.Kind != manifest.Map:
		return nil, errors.New("it is not a JSON object")
	}
	root := docs[0].Root
	name, namespace := root.Get("metadata").Get("name"), root.Get("metadata").Get("namespace")
	switch {
	case !named(name):
		return nil, errors.New("metadata.name is missing")
	case r.kind.Namespaced != named(namespace):
		return nil, fmt.Errorf("metadata.namespace is %q", namespace.Str())
	}
	stripped := collect.Strip(root, r.kind.Kind)
	kept := r.texts.copy(&stripped)
	r.identify(&kept)
	ref := model.Ref{APIVersion: r.kind.APIVersion(), Kind: r.kind.Kind, Name: r.texts.text(name.Str()), Namespace: r.texts.text(namespace.Str())}
	return &model.Object{Ref: ref, Root: &kept}, nil
}

func named(n *manifest.Node) bool { return n != nil && n.Kind == manifest.String && n.Value != "" }

// identify writes the version and the kind, which the items of most lists do not say.
func (r *itemReader) identify(root *manifest.Node) {
	for _, field := range [...][2]string{{"kind", r.kind.Kind}, {"apiVersion", r.kind.APIVersion()}} {
		value := manifest.Node{Kind: manifest.String, Value: field[1]}
		if at := slices.IndexFunc(root.Keys, func(k manifest.Key) bool { return k.Name == field[0] }); at >= 0 {
			root.Items[at] = value
			continue
		}
		root.Keys = slices.Insert(root.Keys, 0, manifest.Key{Name: field[0]})
		root.Items = slices.Insert(root.Items, 0, value)
	}
}

// texts keeps one copy of each short text: the objects of a list are much alike.
type texts map[string]string

// The bounds of what is looked up.
const (
	shortText = 64
	maxTexts  = 1 << 16
)

// copy returns a tree that shares no memory with n and has no positions, which would be those in an answer
// that nobody has seen.
func (t texts) copy(n *manifest.Node) manifest.Node {
	out := manifest.Node{Kind: n.Kind, Value: t.text(n.Value)}
	if len(n.Items) > 0 {
		out.Items = make([]manifest.Node, len(n.Items))
		for i := range n.Items {
			out.Items[i] = t.copy(&n.Items[i])
		}
	}
	if len(n.Keys) > 0 {
		out.Keys = make([]manifest.Key, len(n.Keys))
		for i := range n.Keys {
			out.Keys[i].Name = t.text(n.Keys[i].Name)
		}
	}
	return out
}

func (t texts) text(s string) string {
	if s == "" || len(s) > shortText {
		return strings.Clone(s)
	}
	if kept, ok := t[s]; ok {
		return kept
	}
	kept := strings.Clone(s)
	if len(t) < maxTexts {
		t[kept] = kept
	}
	return kept
}
