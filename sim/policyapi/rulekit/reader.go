package rulekit

import (
	"strings"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
)

// Reader is one object on its way through a translator.
type Reader struct {
	Context  *policyapi.Context
	Object   *model.Object
	Profile  *model.Profile
	rejected bool
	unknown  []string // paths of unknown fields that may matter
	output   policyapi.Output
}

// New returns a reader of the object.
func New(ctx *policyapi.Context, o *model.Object) *Reader {
	return &Reader{Context: ctx, Object: o, Profile: ctx.Profile}
}

// Root returns the place of the whole object.
func (r *Reader) Root() At { return Root(r.Object) }

// Place adds a policy to the output.
func (r *Reader) Place(tier string, p *model.Policy) {
	r.output.Policies = append(r.output.Policies, model.Placed{Tier: tier, Policy: p})
}

// Output returns what was made of the object: policies only if it was not
// rejected.
func (r *Reader) Output() policyapi.Output {
	if r.rejected {
		r.output.Policies = nil
	}
	return r.output
}

// Reject notes that the API server refuses the object, in its words.
func (r *Reader) Reject(at At, message, hint string) {
	r.rejected = true
	p := r.problem(at, message, hint)
	p.Severity, p.Rejected = model.Error, true
	r.output.Problems = append(r.output.Problems, p)
}

// Refuse notes that the API server refuses the object for its form, where what
// it says is plain all the same: the answers take it as mended, since that is
// what will be applied.
func (r *Reader) Refuse(at At, message, mended string) {
	p := r.problem(at, message, "the API server refuses the object; the answers take it as if "+mended)
	p.Severity = model.Error
	r.output.Problems = append(r.output.Problems, p)
}

// Warn notes something that does not change the answer.
func (r *Reader) Warn(at At, message, hint string) {
	r.output.Problems = append(r.output.Problems, r.problem(at, message, hint))
}

// Rejected tells whether anything was refused so far.
func (r *Reader) Rejected() bool { return r.rejected }

func (r *Reader) problem(at At, message, hint string) model.Problem {
	return model.Problem{
		File: r.Object.File, Line: int(at.line), Col: int(at.col),
		Object: r.Object.Ref, Field: at.path, Message: message, Hint: hint,
	}
}

// Decode reads the spec of the object into the Go type of its API. Values of a
// wrong type reject the object, as they make the API server do; unknown fields
// are problems, or warnings where the context is lenient. A missing spec leaves
// the value as it is.
func (r *Reader) Decode(into any) {
	r.checkEnvelope()
	spec := r.Root().Key("spec")
	if !spec.Exists() {
		return
	}
	for _, e := range r.decode(spec.node, into) {
		path := joinPath("spec", e.Path)
		place := At{object: r.Object, path: path, line: uint32(max(0, e.Line)), col: uint32(max(0, e.Col))}
		if place.line == 0 {
			place.line, place.col = spec.line, spec.col
		}
		if e.Warning {
			r.unknownField(place, e.Msg, e.Hint)
		} else {
			r.Reject(place, e.Msg, e.Hint)
		}
	}
}

// joinPath puts the parent's path before a path.
func joinPath(parent, path string) string {
	if path == "" || strings.HasPrefix(path, "[") {
		return parent + path
	}
	return parent + "." + path
}

// unknownField notes a field that the API does not know.
func (r *Reader) unknownField(at At, message, hint string) {
	p := r.problem(at, message, hint)
	if !r.Context.Lenient && !r.Object.Live() {
		p.Severity = model.Error
		r.unknown = append(r.unknown, at.path)
	}
	r.output.Problems = append(r.output.Problems, p)
}

// checkEnvelope checks what stands around the spec: the keys of the object and
// of its metadata, the name and the labels.
func (r *Reader) checkEnvelope() {
	root := r.Root()
	if root.node == nil || root.node.Kind != manifest.Map {
		return
	}
	for i := range root.node.Keys {
		switch k := &root.node.Keys[i]; k.Name {
		case "apiVersion", "kind", "metadata", "spec", "status":
		default:
			at := At{object: r.Object, path: k.Name, line: k.Line, col: k.Col}
			r.unknownField(at, "unknown field", "")
		}
	}
	r.checkMetadata(root.Key("metadata"))
}

// AddGap notes something that the model does not carry exactly.
func (r *Reader) AddGap(g model.Gap) { r.output.Gaps = append(r.output.Gaps, g) }

// Envelope checks what stands around the spec, for APIs whose spec is not a Go
// type of Kubernetes; Decode does it by itself.
func (r *Reader) Envelope() { r.checkEnvelope() }

// Unknown notes a field that the API does not know: a problem, or a warning where
// the context is lenient, that leaves open what the object does.
func (r *Reader) Unknown(at At, message, hint string) { r.unknownField(at, message, hint) }
