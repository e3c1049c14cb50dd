package gatewayapi_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/gatewayapi"
)

// TestFieldsCoverTheTypes wants one line for every field of the types, and a field
// for every line. A line that ends in ".*" stands for all under it that has no
// line of its own.
func TestFieldsCoverTheTypes(t *testing.T) {
	kinds := map[string]reflect.Type{
		"GatewayClass": reflect.TypeFor[gatewayv1.GatewayClassSpec](), "Gateway": reflect.TypeFor[gatewayv1.GatewaySpec](),
		"ListenerSet": reflect.TypeFor[gatewayv1.ListenerSetSpec](), "HTTPRoute": reflect.TypeFor[gatewayv1.HTTPRouteSpec](),
		"GRPCRoute": reflect.TypeFor[gatewayv1.GRPCRouteSpec](), "TLSRoute": reflect.TypeFor[gatewayv1.TLSRouteSpec](),
		"TCPRoute": reflect.TypeFor[gatewayv1.TCPRouteSpec](), "UDPRoute": reflect.TypeFor[gatewayv1.UDPRouteSpec](),
		"ReferenceGrant": reflect.TypeFor[gatewayv1.ReferenceGrantSpec](), "BackendTLSPolicy": reflect.TypeFor[gatewayv1.BackendTLSPolicySpec](),
	}
	for _, f := range (gatewayapi.Assembler{}).Fields() {
		if kinds[f.Kind] == nil {
			t.Errorf("%s is not a kind of the API", f.Kind)
		}
		if f.Support != model.Exact && f.Note == "" {
			t.Errorf("%s %s: no reason", f.Kind, f.Path)
		}
	}
	for kind, typ := range kinds {
		var paths []string
		leaves(typ, "spec", &paths)
		var lines []string
		for _, f := range (gatewayapi.Assembler{}).Fields() {
			if f.Kind == kind {
				lines = append(lines, f.Path)
			}
		}
		check(t, kind, paths, lines)
	}
}

func check(t *testing.T, kind string, paths, lines []string) {
	t.Helper()
	for i, l := range lines {
		if slices.Contains(lines[:i], l) {
			t.Errorf("%s %s is listed twice", kind, l)
		}
		if !slices.ContainsFunc(paths, func(p string) bool { return covers(l, p) }) {
			t.Errorf("%s %s is listed, but the type does not have it", kind, l)
		}
	}
	for _, p := range paths {
		if !slices.ContainsFunc(lines, func(l string) bool { return covers(l, p) }) {
			t.Errorf("%s %s is not listed", kind, p)
		}
	}
}

func covers(line, path string) bool {
	if prefix, all := strings.CutSuffix(line, "*"); all {
		return strings.HasPrefix(path, prefix)
	}
	return line == path
}

// leaves adds the paths of the fields that hold values.
func leaves(typ reflect.Type, path string, out *[]string) {
	switch typ.Kind() {
	case reflect.Pointer:
		leaves(typ.Elem(), path, out)
	case reflect.Slice:
		leaves(typ.Elem(), path+"[]", out)
	case reflect.Struct:
		for i := range typ.NumField() {
			f := typ.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Anonymous && name == "" {
				leaves(f.Type, path, out)
				continue
			}
			leaves(f.Type, path+"."+name, out)
		}
	default:
		*out = append(*out, path)
	}
}
