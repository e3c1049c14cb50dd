package admit

import (
	"net"
	"strconv"
	"strings"

	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/model"
)

// Values returns what a request has in the dimensions of NewSpace, as the proxy of a
// destination sees it: its path has to be normalised, and its token valid.
func Values(r *model.Request) func(dim string) (request.Value, bool) {
	return func(dim string) (request.Value, bool) {
		kind, name, _ := strings.Cut(dim, ":")
		switch kind + ":" {
		case request.Header:
			return mapped(r.Headers, name)
		case request.Query:
			return mapped(r.Query, name)
		}
		if text, ok := map[string]string{request.Method: r.Method, request.Scheme: r.Scheme, request.Path: r.Path, request.Host: r.Authority()}[dim]; ok {
			return request.Text(text), text != ""
		}
		if r.Token == nil {
			return request.Absent(), false
		}
		return tokenValue(r.Token, dim)
	}
}

func mapped(m map[string]string, name string) (request.Value, bool) {
	v, ok := m[name]
	return request.Text(v), ok
}

func tokenValue(t *model.Token, dim string) (request.Value, bool) {
	switch dim {
	case request.Token:
		return request.TokenOf(t.Issuer, t.Subject), true
	case request.Audiences:
		return request.Elements(t.Audiences...), true
	case request.Presenter:
		return request.Text(t.Presenter), t.Presenter != ""
	}
	list := t.Claims[strings.TrimPrefix(dim, request.Claim)]
	return request.Elements(list...), len(list) > 0
}

// Request returns a request of a set of NewSpace as the model has it.
func Request(r request.Request) *model.Request {
	out := &model.Request{Method: r[request.Method].Text(), Scheme: r[request.Scheme].Text(), Path: r[request.Path].Text()}
	out.Host, out.HostPort = splitHost(r[request.Host].Text())
	token := model.Token{Claims: map[string][]string{}}
	for dim, v := range r {
		kind, name, _ := strings.Cut(dim, ":")
		switch kind + ":" {
		case request.Header:
			if v.Present() {
				out.Headers = with(out.Headers, name, v.Text())
			}
		case request.Query:
			if v.Present() {
				out.Query = with(out.Query, name, v.Text())
			}
		case request.Claim:
			if v.Present() {
				token.Claims[name] = v.Elements()
			}
		}
	}
	if v := r[request.Token]; v.Present() {
		token.Issuer, token.Subject = request.TokenParts(v)
		token.Audiences, token.Presenter = r[request.Audiences].Elements(), r[request.Presenter].Text()
		out.Token = &token
	}
	return out
}

func with(m map[string]string, k, v string) map[string]string {
	if m == nil {
		m = map[string]string{}
	}
	m[k] = v
	return m
}

// splitHost parts a Host header.
func splitHost(s string) (host string, port uint16) {
	h, p, err := net.SplitHostPort(s)
	if err != nil {
		return s, 0
	}
	n, err := strconv.ParseUint(p, 10, 16)
	if err != nil {
		return s, 0
	}
	return h, uint16(n)
}
