package policytest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/profile"
)

// Golden runs a translator over every golden file of a folder. With update it
// writes what it got into the files instead of comparing.
func Golden(t *testing.T, tr policyapi.Translator, folder string, update bool) {
	files, err := filepath.Glob(filepath.Join(folder, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files in %s (%v)", folder, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			golden(t, tr, file, update)
		})
	}
}

func golden(t *testing.T, tr policyapi.Translator, file string, update bool) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a := Parse(string(text))
	wants := 0
	for i := range a.Files {
		f := &a.Files[i]
		network, ok := strings.CutPrefix(f.Name, "want ")
		if !ok {
			continue
		}
		wants++
		got := Dump(translate(t, tr, a, network))
		if update {
			f.Data = got
		} else if got != f.Data {
			t.Errorf("%s: %s\ngot:\n%s\nwant:\n%s", file, f.Name, got, f.Data)
		}
	}
	if wants == 0 {
		t.Errorf("%s checks nothing: it has no file \"want PROFILE\"", file)
	}
	if update {
		if err := os.WriteFile(file, []byte(a.Format()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// translate translates the objects of an archive that the translator reads.
func translate(t *testing.T, tr policyapi.Translator, a *Archive, network string) policyapi.Output {
	network, lenient := strings.CutSuffix(network, " lenient")
	p, err := profile.Parse(network)
	if err != nil {
		t.Fatal(err)
	}
	ctx := &policyapi.Context{Profile: p, Decoder: manifest.NewDecoder(), Lenient: lenient}
	var all policyapi.Output
	for _, o := range manifests(t, a) {
		if !reads(tr, o) {
			continue
		}
		out := tr.Translate(ctx, o)
		all.Policies = append(all.Policies, out.Policies...)
		all.Problems = append(all.Problems, out.Problems...)
		all.Gaps = append(all.Gaps, out.Gaps...)
	}
	return all
}

func reads(tr policyapi.Translator, o *model.Object) bool {
	for _, k := range tr.Info().Kinds {
		if k.Kind == o.Kind && k.APIVersion() == o.APIVersion {
			return true
		}
	}
	return false
}
