package istio

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"
)

// flow is a question: what becomes of a connection, or of a request on it?
type flow struct {
	from    string // "namespace/pod", or an address outside the cluster
	to      string // "namespace/pod"
	port    int    // of the Service, or of the pod where direct
	target  int    // of the pod
	direct  bool   // to the pod's address, past its Service
	gateway bool   // to the gateway's listener
	request *call  // nil: bytes that are no HTTP
}

// call is an HTTP request as a client sends it.
type call struct {
	method, host string
	hostPort     uint16
	path, query  string
	headers      map[string]string
	token        *claims
}

// claims are those of a token.
type claims struct {
	invalid                    bool
	issuer, subject, presenter string
	audiences                  []string
	more                       map[string][]string // by path with dots; one value is a text
}

func (f *flow) String() string {
	s := fmt.Sprintf("%s -> %s:%d", f.from, f.to, f.target)
	if f.direct {
		s += " by the pod's address"
	} else {
		s += fmt.Sprintf(" by its Service, port %d", f.port)
	}
	if f.request == nil {
		return s + ", a connection without HTTP"
	}
	r := f.request
	s += fmt.Sprintf("\n  %s http://%s%s", r.method, r.authority(), r.pathAndQuery())
	for _, k := range slices.Sorted(maps.Keys(r.headers)) {
		s += fmt.Sprintf("\n  %s: %q", k, r.headers[k])
	}
	if r.token != nil {
		s += fmt.Sprintf("\n  token %+v", *r.token)
	}
	return s
}

func (r *call) authority() string {
	if r.hostPort == 0 {
		return r.host
	}
	return fmt.Sprintf("%s:%d", r.host, r.hostPort)
}

func (r *call) pathAndQuery() string {
	if r.query == "" {
		return r.path
	}
	return r.path + "?" + r.query
}

// envoyRequest is the request as it arrives.
func (r *call) envoyRequest() *request {
	out := &request{method: r.method, authority: r.authority(), path: r.pathAndQuery(), headers: maps.Clone(r.headers)}
	if r.token != nil {
		out.token = &token{invalid: r.token.invalid, issuer: r.token.issuer, audiences: r.token.audiences, payload: r.token.payload()}
	}
	return out
}

// payload is the token's JSON.
func (c *claims) payload() *structpb.Struct {
	out := &structpb.Struct{Fields: map[string]*structpb.Value{}}
	for k, v := range map[string]string{"iss": c.issuer, "sub": c.subject, "azp": c.presenter} {
		if v != "" {
			out.Fields[k] = structpb.NewStringValue(v)
		}
	}
	if len(c.audiences) > 0 {
		out.Fields["aud"] = claimValue(c.audiences)
	}
	for path, values := range c.more {
		at := out
		names := strings.Split(path, ".")
		for _, n := range names[:len(names)-1] {
			if at.Fields[n].GetStructValue() == nil {
				at.Fields[n] = structpb.NewStructValue(&structpb.Struct{Fields: map[string]*structpb.Value{}})
			}
			at = at.Fields[n].GetStructValue()
		}
		at.Fields[names[len(names)-1]] = claimValue(values)
	}
	return out
}

func claimValue(values []string) *structpb.Value {
	if len(values) == 1 {
		return structpb.NewStringValue(values[0])
	}
	list := &structpb.ListValue{}
	for _, v := range values {
		list.Values = append(list.Values, structpb.NewStringValue(v))
	}
	return structpb.NewListValue(list)
}
