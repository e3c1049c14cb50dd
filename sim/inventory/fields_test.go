package inventory

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
)

// TestKindsAreCollected compares the kinds with those that collect keeps.
func TestKindsAreCollected(t *testing.T) {
	var got []policyapi.Kind
	for _, k := range Kinds() {
		got = append(got, k.Kind)
	}
	if want := collect.InventoryKinds(); !slices.Equal(got, want) {
		t.Errorf("inventory reads\n%v\ncollect keeps\n%v", got, want)
	}
}

func TestKindsHaveARole(t *testing.T) {
	for _, k := range Kinds() {
		o := &model.Object{Ref: model.Ref{APIVersion: k.APIVersion(), Kind: k.Kind.Kind}}
		if roleOf(o) == roleNone || typeOf(o) == nil || roleOf(o).namespaced() != k.Namespaced {
			t.Errorf("%s: role %d, type %v", k.Kind.Kind, roleOf(o), typeOf(o))
		}
	}
}

// TestFieldsExist asserts that each listed path is a field of the type, and that
// each field of the type is listed or stands under one that is.
func TestFieldsExist(t *testing.T) {
	d := manifest.NewDecoder()
	for _, k := range Kinds() {
		typ := typeOf(&model.Object{Ref: model.Ref{Kind: k.Kind.Kind}})
		listed := map[string]bool{}
		for _, f := range k.Fields {
			if listed[f.Path] {
				t.Errorf("%s: %s is listed twice", f.Kind, f.Path)
			}
			listed[f.Path] = true
			if !d.Known(typ, strings.TrimSuffix(f.Path, ".*")) {
				t.Errorf("%s has no field %s", f.Kind, f.Path)
			}
			if f.Support != model.Exact && f.Note == "" {
				t.Errorf("%s: %s has no note", f.Kind, f.Path)
			}
		}
		covered(t, k.Kind.Kind, typ, "", listed)
	}
}

// covered walks a type down to the paths that are listed.
func covered(t *testing.T, kind string, typ reflect.Type, path string, listed map[string]bool) {
	t.Helper()
	if listed[path] {
		return
	}
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
		if typ.Kind() == reflect.Slice && !strings.HasSuffix(path, "[]") {
			path += "[]"
		}
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct || !under(path, listed) {
		if !listed[path] && !rest(path, listed) {
			t.Errorf("%s: field %s is not listed", kind, path)
		}
		return
	}
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			covered(t, kind, f.Type, path, listed)
			continue
		}
		covered(t, kind, f.Type, strings.TrimPrefix(path+"."+name, "."), listed)
	}
}

// under tells whether any listed path stands below this one.
func under(path string, listed map[string]bool) bool {
	for p := range listed {
		if path == "" || strings.HasPrefix(p, path+".") {
			return true
		}
	}
	return false
}

// rest tells whether the path's parent lists all that is not named.
func rest(path string, listed map[string]bool) bool {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '.' && listed[path[:i]+".*"] {
			return true
		}
	}
	return false
}
