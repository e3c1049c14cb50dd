package istio_test

import (
	"slices"
	"strings"
	"testing"

	networkingv1 "istio.io/api/networking/v1alpha3"
	securityv1 "istio.io/api/security/v1beta1"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/istio"
)

// TestFieldsCoverTheTypes wants a line for every field of the messages, and a
// field for every line.
func TestFieldsCoverTheTypes(t *testing.T) {
	for kind, m := range map[string]proto.Message{
		"AuthorizationPolicy": &securityv1.AuthorizationPolicy{}, "PeerAuthentication": &securityv1.PeerAuthentication{},
		"RequestAuthentication": &securityv1.RequestAuthentication{}, "DestinationRule": &networkingv1.DestinationRule{},
		"Sidecar": &networkingv1.Sidecar{}, "ServiceEntry": &networkingv1.ServiceEntry{}, "VirtualService": &networkingv1.VirtualService{},
	} {
		var paths []string
		leaves(m.ProtoReflect().Descriptor(), "spec", 0, &paths)
		var lines []string
		for _, f := range (istio.Assembler{}).Fields() {
			if f.Kind == kind {
				lines = append(lines, f.Path)
			}
			if f.Kind == kind && f.Support != model.Exact && f.Note == "" {
				t.Errorf("%s %s: no reason", kind, f.Path)
			}
		}
		for _, p := range paths {
			if !slices.ContainsFunc(lines, func(l string) bool { return covers(l, p) }) {
				t.Errorf("%s %s is not listed", kind, p)
			}
		}
		for _, l := range lines {
			if !slices.ContainsFunc(paths, func(p string) bool { return covers(l, p) }) {
				t.Errorf("%s %s is listed, but the message does not have it", kind, l)
			}
		}
	}
}

func covers(line, path string) bool {
	if prefix, all := strings.CutSuffix(line, "*"); all {
		return strings.HasPrefix(path, prefix)
	}
	return line == path
}

func leaves(m protoreflect.MessageDescriptor, path string, depth int, out *[]string) {
	if strings.HasPrefix(string(m.FullName()), "google.protobuf.") || depth > 8 {
		*out = append(*out, path)
		return
	}
	for i := range m.Fields().Len() {
		f := m.Fields().Get(i)
		p := path + "." + f.JSONName()
		switch {
		case f.IsMap():
			*out = append(*out, p)
		case f.Message() != nil && f.IsList():
			leaves(f.Message(), p+"[]", depth+1, out)
		case f.Message() != nil:
			leaves(f.Message(), p, depth+1, out)
		case f.IsList():
			*out = append(*out, p+"[]")
		default:
			*out = append(*out, p)
		}
	}
}
