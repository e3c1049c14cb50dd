package model

import (
	"strconv"

	"github.com/netfate/netfate/sim/manifest"
)

// Ref names one Kubernetes object.
type Ref struct {
	APIVersion string // group/version, "v1" for the core group
	Kind       string
	Namespace  string // "" for cluster-scoped objects
	Name       string
}

// String returns "Kind namespace/name", or "Kind name" for cluster-scoped objects.
func (r Ref) String() string {
	if r.Namespace == "" {
		return r.Kind + " " + r.Name
	}
	return r.Kind + " " + r.Namespace + "/" + r.Name
}

// Object is one collected object with the place it came from.
type Object struct {
	Ref
	File      string         // file the object was read from; "" for a live cluster
	Line, Col uint32         // 1-based position of the document's first key; 0 for a live cluster
	Root      *manifest.Node // the object's positioned tree
	Cluster   string         // "" is the local cluster, otherwise a remote cluster's name
}

// Live tells whether the object was read from a cluster and not from a file. Its
// API server has checked it: a field we do not know is one of a newer version.
func (o *Object) Live() bool { return o.File == "" }

// At returns the origin of a field of the object; path is a field path such as
// "spec.ingress[0].from[1]". The position is that of the deepest existing field.
func (o *Object) At(path string) Origin {
	if o == nil {
		return Origin{Field: path}
	}
	origin := Origin{Object: o, Field: path, Line: o.Line, Col: o.Col}
	if o.Root != nil && path != "" {
		if line, col := manifest.Pos(o.Root, path); line > 0 {
			origin.Line, origin.Col = uint32(line), uint32(col)
		}
	}
	return origin
}

// Origin is where a rule, a policy or a fact was written.
type Origin struct {
	Object    *Object // nil for what an implementation adds by itself
	Field     string  // field path inside the object, "" for the object itself
	Line, Col uint32  // 1-based; 0 when there is no file
}

// File returns the file of the origin, "" when there is none.
func (o Origin) File() string {
	if o.Object == nil {
		return ""
	}
	return o.Object.File
}

// Place returns "file:line", or "" when the origin has no file.
func (o Origin) Place() string {
	if o.File() == "" {
		return ""
	}
	if o.Line == 0 {
		return o.File()
	}
	return o.File() + ":" + strconv.FormatUint(uint64(o.Line), 10)
}

// String returns "Kind ns/name field (file:line)" with the parts that exist.
func (o Origin) String() string {
	s := ""
	if o.Object != nil {
		s = o.Object.String()
	}
	if o.Field != "" {
		if s != "" {
			s += " "
		}
		s += o.Field
	}
	if p := o.Place(); p != "" {
		s += " (" + p + ")"
	}
	return s
}
