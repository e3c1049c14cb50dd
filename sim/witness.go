package sim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// RequestWords describes a request for people: "POST http://shop/cart?page=2 with
// header x-env: prod, as issuer/subject". A host that is not said is left out.
func RequestWords(r *model.Request) string {
	url := orText(r.Path, "/")
	if r.Host != "" {
		url = orText(r.Scheme, "http") + "://" + r.Authority() + url
	}
	var query, rest []string
	for _, k := range sortedNames(r.Query) {
		query = append(query, k+"="+r.Query[k])
	}
	if query != nil {
		url += "?" + strings.Join(query, "&")
	}
	for _, k := range sortedNames(r.Headers) {
		rest = append(rest, fmt.Sprintf("with header %s: %s", k, r.Headers[k]))
	}
	if t := r.Token; t != nil {
		rest = append(rest, "with a token of "+t.Principal())
		if len(t.Audiences) > 0 {
			rest = append(rest, "for audience "+strings.Join(t.Audiences, ","))
		}
		for _, k := range sortedNames(t.Claims) {
			if !slices.Contains([]string{"iss", "sub", "aud", "azp"}, k) {
				rest = append(rest, fmt.Sprintf("with claim %s: %s", k, strings.Join(t.Claims[k], ",")))
			}
		}
	}
	text := orText(r.Method, "GET") + " " + url
	if len(rest) > 0 {
		text += " " + strings.Join(rest, ", ")
	}
	return text
}

func orText(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func sortedNames[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// ways returns the flows from a party to an endpoint by which an example may get
// there: by each Service before the port, and by the endpoint's own address.
func (s *Simulator) ways(from model.Party, to int, g *Gain) []model.Flow {
	fam, proto, port := algebra.ConnParts(g.conn)
	own := model.Flow{From: from, To: model.Party{Kind: model.PartyEndpoint, Index: to}, Protocol: proto, Port: port, Request: g.Request}
	if from.Kind == model.PartyEndpoint && s.m.V4 && s.m.V6 {
		own.Families = []algebra.Family{fam}
	}
	var out []model.Flow
	if from.Kind == model.PartyEndpoint && (s.l7 != nil || g.Request != nil) && proto == algebra.TCP {
		for _, id := range s.routes.Before(to, port) {
			f := own
			f.To, f.Port = model.Party{Kind: model.PartyService, Index: id.Service}, id.Port
			f.Request = s.hosted(g.Request, id.Service, -1, id.Port)
			out = append(out, f)
		}
	}
	own.Request = s.hosted(g.Request, -1, to, port)
	return append(out, own)
}

// hosted gives a request that names no host one: the Service's, the address of an
// endpoint where it is known, or one that means nothing. Clients name ports other than
// that of the scheme.
func (s *Simulator) hosted(r *model.Request, service, endpoint int, port uint16) *model.Request {
	if r == nil || r.Host != "" {
		return r
	}
	x := *r
	if port != 80 {
		x.HostPort = port
	}
	switch x.Host = "host"; {
	case service >= 0:
		x.Host = s.m.Services[service].Name + "." + s.m.Services[service].Namespace
	case endpoint >= 0 && len(s.m.Endpoints[endpoint].IPs) > 0:
		x.Host = s.m.Endpoints[endpoint].IPs[0].String()
	}
	return &x
}

// Example returns a flow that shows an example: one of the ways from a party to an
// endpoint by which it gets through; false where none does.
func (s *Simulator) Example(from model.Party, to int, g *Gain) (model.Flow, bool) {
	ways := s.ways(from, to, g)
	for _, f := range ways {
		if s.Verdict(f).Outcome == model.Allowed {
			return f, true
		}
	}
	return ways[len(ways)-1], false
}
