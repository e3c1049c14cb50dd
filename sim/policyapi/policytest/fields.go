package policytest

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/model"
)

// Fields compares a translator's list of fields for one kind with the kind's Go
// type: a field that is missing from the list or is no longer in the type fails
// the test.
func Fields(t *testing.T, rows []model.FieldSupport, kind string, typ reflect.Type) {
	t.Helper()
	var have []string
	for _, r := range rows {
		if r.Kind != kind {
			continue
		}
		have = append(have, r.Path)
		if r.Support != model.Exact && r.Note == "" {
			t.Errorf("%s %s is %s without saying why", kind, r.Path, r.Support)
		}
	}
	var want []string
	walk(typ, "", &want)
	slices.Sort(have)
	for i, path := range have {
		if i > 0 && have[i-1] == path {
			t.Errorf("%s %s is listed twice", kind, path)
		}
		if !slices.Contains(want, path) {
			t.Errorf("%s %s is listed, but the Go type does not have it", kind, path)
		}
	}
	for _, path := range want {
		if !slices.Contains(have, path) {
			t.Errorf("%s %s is not listed", kind, path)
		}
	}
}

// walk adds the paths of the fields that hold values. Metadata and status are
// not entered: what is in them has no bearing on verdicts.
func walk(typ reflect.Type, path string, out *[]string) {
	switch {
	case typ.Kind() == reflect.Pointer:
		walk(typ.Elem(), path, out)
	case typ.Kind() == reflect.Slice && leaf(path):
		*out = append(*out, path)
	case typ.Kind() == reflect.Slice:
		walk(typ.Elem(), path+"[]", out)
	case typ.Kind() == reflect.Struct && !leaf(path) && typ.Name() != "IntOrString":
		for i := range typ.NumField() {
			walkField(typ.Field(i), path, out)
		}
	default:
		*out = append(*out, path)
	}
}

func walkField(f reflect.StructField, path string, out *[]string) {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	if f.Anonymous && (name == "" || strings.Contains(options, "inline")) {
		walk(f.Type, path, out)
		return
	}
	if path != "" {
		path += "."
	}
	walk(f.Type, path+name, out)
}

func leaf(path string) bool {
	return strings.HasPrefix(path, "metadata.") || strings.HasPrefix(path, "status.")
}
