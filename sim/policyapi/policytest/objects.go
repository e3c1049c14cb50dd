package policytest

import (
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// Objects reads the objects of a manifest. It fails the test where a document
// cannot be read.
func Objects(t testing.TB, file, text string) []*model.Object {
	t.Helper()
	docs, errs := manifest.Parse(file, []byte(text), manifest.DefaultLimits())
	for _, e := range errs {
		t.Fatalf("cannot read the test's manifest: %v", e)
	}
	var out []*model.Object
	for _, d := range docs {
		for _, x := range manifest.Expand(d) {
			out = append(out, Object(x))
		}
	}
	return out
}

// Object makes an object of a document.
func Object(d manifest.Document) *model.Object {
	meta := d.Root.Get("metadata")
	return &model.Object{
		Ref: model.Ref{
			APIVersion: d.Root.Get("apiVersion").Str(), Kind: d.Root.Get("kind").Str(),
			Namespace: meta.Get("namespace").Str(), Name: meta.Get("name").Str(),
		},
		File: d.File, Line: d.Root.Line, Col: d.Root.Col, Root: d.Root,
	}
}

// manifests returns the objects of all manifests of an archive.
func manifests(t testing.TB, a *Archive) []*model.Object {
	var out []*model.Object
	for _, f := range a.Files {
		if strings.HasSuffix(f.Name, ".yaml") {
			out = append(out, Objects(t, f.Name, f.Data)...)
		}
	}
	return out
}
