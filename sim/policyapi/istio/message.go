package istio

import (
	"strconv"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// read decodes an object's spec into a message: unknown fields and values of a
// wrong type are told with their place. It is false where nothing can be read.
func read(r *rulekit.Reader, into proto.Message) bool {
	r.Envelope()
	spec := r.Root().Key("spec")
	if !spec.Exists() {
		return true
	}
	checkMessage(r, spec, into.ProtoReflect().Descriptor())
	if r.Rejected() {
		return false
	}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(spec.Node().JSON(), into); err != nil {
		r.Reject(spec, err.Error(), "")
		return false
	}
	return true
}

// checkMessage checks a map against a message.
func checkMessage(r *rulekit.Reader, at rulekit.At, m protoreflect.MessageDescriptor) {
	if free(m) {
		return
	}
	if k, ok := scalarMessage(m); ok {
		wantKind(r, at, k)
		return
	}
	if !wantKind(r, at, manifest.Map) {
		return
	}
	n := at.Node()
	for i := range n.Keys {
		name := n.Keys[i].Name
		place := at.Key(name)
		f := m.Fields().ByJSONName(name)
		if f == nil {
			r.Unknown(place, "unknown field", nearestField(name, m))
			continue
		}
		if place.Exists() {
			checkField(r, place, f)
		}
	}
}

// free messages hold any value.
func free(m protoreflect.MessageDescriptor) bool {
	switch m.FullName() {
	case "google.protobuf.Struct", "google.protobuf.Value", "google.protobuf.Any", "google.protobuf.ListValue":
		return true
	}
	return false
}

// scalarMessage tells which JSON kind a message with a form of its own has.
func scalarMessage(m protoreflect.MessageDescriptor) (manifest.Kind, bool) {
	switch m.FullName() {
	case "google.protobuf.Duration", "google.protobuf.Timestamp", "google.protobuf.StringValue":
		return manifest.String, true
	case "google.protobuf.UInt32Value", "google.protobuf.Int32Value", "google.protobuf.UInt64Value", "google.protobuf.Int64Value":
		return manifest.Int, true
	case "google.protobuf.DoubleValue", "google.protobuf.FloatValue":
		return manifest.Float, true
	case "google.protobuf.BoolValue":
		return manifest.Bool, true
	}
	return manifest.Null, false
}

func checkField(r *rulekit.Reader, at rulekit.At, f protoreflect.FieldDescriptor) {
	switch {
	case f.IsMap():
		if !wantKind(r, at, manifest.Map) {
			return
		}
		for i := range at.Node().Keys {
			checkValue(r, at.Key(at.Node().Keys[i].Name), f.MapValue())
		}
	case f.IsList():
		if !wantKind(r, at, manifest.List) {
			return
		}
		for i := range at.Node().Items {
			checkValue(r, at.Sub(i), f)
		}
	default:
		checkValue(r, at, f)
	}
}

// checkValue checks one value of a field.
func checkValue(r *rulekit.Reader, at rulekit.At, f protoreflect.FieldDescriptor) {
	switch f.Kind() {
	case protoreflect.MessageKind, protoreflect.GroupKind:
		checkMessage(r, at, f.Message())
	case protoreflect.BoolKind:
		wantKind(r, at, manifest.Bool)
	case protoreflect.StringKind, protoreflect.BytesKind:
		wantKind(r, at, manifest.String)
	case protoreflect.EnumKind:
		checkEnum(r, at, f.Enum())
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		wantKind(r, at, manifest.Float)
	default:
		wantKind(r, at, manifest.Int)
	}
}

func checkEnum(r *rulekit.Reader, at rulekit.At, e protoreflect.EnumDescriptor) {
	if !wantKind(r, at, manifest.String) {
		return
	}
	v := at.Node().Value
	if e.Values().ByName(protoreflect.Name(v)) != nil {
		return
	}
	names := make([]string, 0, e.Values().Len())
	for i := range e.Values().Len() {
		names = append(names, string(e.Values().Get(i).Name()))
	}
	r.Reject(at, "Unsupported value: "+strconv.Quote(v), didYouMean(v, names))
}

// wantKind rejects a value of another kind; null is absent.
func wantKind(r *rulekit.Reader, at rulekit.At, want manifest.Kind) bool {
	n := at.Node()
	if n == nil || n.Kind == manifest.Null {
		return false
	}
	if n.Kind == want || want == manifest.Float && n.Kind == manifest.Int {
		return true
	}
	r.Reject(at, "must be "+want.String()+", not "+n.Kind.String(), "")
	return false
}
