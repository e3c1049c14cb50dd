package admit

import (
	"github.com/netfate/netfate/sim/algebra/lang"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/model"
)

// NewSpace returns the requests that a mesh's proxies see: those that are not within
// TLS of the client's. What is known of the client (principal, server name) is no
// part of them. The error is that of request.NewSpace.
func NewSpace() (*request.Space, error) {
	var dims []request.Dim
	for _, d := range request.Standard() {
		switch d.Name {
		case request.SNI, request.Principal:
			continue
		case request.Scheme:
			d.Domain = d.Domain.Minus(lang.OneOf("https", "grpcs"))
			d.Prefer = []lang.Lang{lang.Literal("grpc")}
		}
		dims = append(dims, d)
	}
	return request.NewSpace(dims...)
}

// normalized holds the paths that the normalisation leaves as they are, and so all
// that it makes (mesh.View.NormalizePath).
func normalized(n model.PathNormalization) lang.Lang {
	out := lang.All()
	if n >= model.NormalizeDecodeSlashes {
		for _, s := range []string{"%2F", "%2f", "%5C", "%5c"} {
			out = out.Minus(lang.Containing(s))
		}
	}
	if n >= model.NormalizeBase {
		dot := lang.OneOf(".", "%2e", "%2E")
		dots := lang.Concat(lang.Literal("/"), dot.Union(lang.Concat(dot, dot)))
		out = out.Minus(lang.Containing(`\`)).
			Minus(lang.Concat(lang.All(), dots)).
			Minus(lang.Concat(lang.All(), dots, lang.Prefix("/")))
	}
	if n >= model.NormalizeMergeSlashes {
		out = out.Minus(lang.Containing("//"))
	}
	return out
}
