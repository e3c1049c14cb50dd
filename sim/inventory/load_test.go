package inventory

import (
	"testing"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// load returns the snapshot of a text of YAML documents.
func load(t testing.TB, text string) *model.Snapshot {
	t.Helper()
	docs, errs := manifest.Parse("test.yaml", []byte(text), manifest.Limits{})
	if len(errs) > 0 {
		t.Fatalf("parse: %v", errs)
	}
	snap := &model.Snapshot{}
	for _, doc := range docs {
		for _, d := range manifest.Expand(doc) {
			snap.Objects = append(snap.Objects, objectOf(d.File, d.Root))
		}
	}
	return snap
}

func objectOf(file string, root *manifest.Node) *model.Object {
	meta := root.Get("metadata")
	return &model.Object{
		Ref: model.Ref{
			APIVersion: root.Get("apiVersion").Str(), Kind: root.Get("kind").Str(),
			Namespace: meta.Get("namespace").Str(), Name: meta.Get("name").Str(),
		},
		File: file, Line: root.Line, Col: root.Col, Root: root,
	}
}

// build is Build of a text, with checks.
func build(t testing.TB, text string) Result {
	t.Helper()
	return Build(load(t, text), Options{Decoder: manifest.NewDecoder()})
}
