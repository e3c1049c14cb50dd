package admit

import (
	"net/netip"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/lang"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/model"
)

// let is what a proxy lets in.
type let struct {
	requests Bounds
	plain    algebra.Tri // plain connections; on a port that speaks HTTP nothing is said of them
}

func (t *Table) everything() let { return let{both(t.sp.All()), algebra.Yes} }
func (t *Table) nothing() let    { return let{both(t.sp.None()), algebra.No} }

func (t *Table) union(a, b let) let {
	return let{a.requests.or(t.sp, b.requests), max(a.plain, b.plain)}
}

// either is what is let in where one of two things is so, and it is not known which.
func (t *Table) either(a, b let) let {
	out := let{requests: a.requests.either(t.sp, b.requests), plain: a.plain}
	if a.plain != b.plain {
		out.plain = algebra.Maybe
	}
	return out
}

// maybe is what is let in where that is not certain.
func (t *Table) maybe(a let) let {
	return let{a.requests.capped(t.sp, algebra.Maybe), min(a.plain, algebra.Maybe)}
}

// arrival is a client's connection at a span of a destination's ports.
type arrival struct {
	t      *Table
	d      *dest
	s      *span
	family algebra.Family
	from   [2]identity // without and with mutual TLS
	client *netip.Addr // what a gateway tells of its client; nil: no gateway sends it
	p      place
}

// by returns what gets in by one way.
func (a *arrival) by(w Way) let {
	out := a.sent(w)
	if w.grpc { // all else goes as it would without a mesh, which is a way of its own
		out = let{out.requests.and(a.t.sp, both(a.t.sp.Atom(request.Scheme, lang.Literal("grpc")))), algebra.No}
	}
	if w.unsure != nil {
		a.p.open(*w.unsure)
		out = a.t.either(out, a.sent(past()))
	}
	if w.routed != nil {
		a.p.open(*w.routed)
		out = a.t.maybe(out)
	}
	return out
}

// sent is what the destination makes of a connection.
func (a *arrival) sent(w Way) let {
	t, in := a.t, &a.s.in
	switch {
	case in.Sidecar == algebra.No && w.proxied && w.tls == model.TLSMutual:
		return t.nothing()
	case in.Sidecar == algebra.No:
		return t.everything()
	}
	out := a.proxied(w)
	if in.Sidecar == algebra.Maybe {
		a.p.open(*in.Reason)
		out = t.either(out, t.everything())
	}
	return out
}

// proxied is what the destination's proxy lets in.
func (a *arrival) proxied(w Way) let {
	t, in := a.t, &a.s.in
	if in.Bypass {
		return t.everything()
	}
	if in.Unserved {
		return t.nothing()
	}
	if in.Refused != nil {
		a.p.open(*in.Refused)
		return t.maybe(t.everything())
	}
	mutual := w.proxied && (w.tls == model.TLSMutual || w.tls == model.TLSAuto && in.Mode != model.MTLSDisable && !in.Unannounced)
	own := w.proxied && w.tls == model.TLSOwn
	switch {
	case own && (in.Mode == model.MTLSStrict || in.Protocol == model.PortHTTP),
		!own && mutual && in.Mode == model.MTLSDisable,
		!own && !mutual && in.Mode == model.MTLSStrict:
		return t.nothing()
	}
	a.p.seen.SNI = ""
	if mutual && !in.Proxyless {
		a.p.seen.SNI = w.serverName
	}
	out := a.authorized(mutual, in.Protocol == model.PortStream || in.Protocol == model.PortDetect && w.stream && mutual)
	if own {
		a.p.open(model.Reason{Kind: model.MissingFact, Confidence: model.Inferred, Origin: in.ModeOrigin,
			Text: "the client's proxy speaks TLS of its own, which the sidecar passes on: whether the application speaks TLS is not known"})
		return t.maybe(out)
	}
	return out
}

// authorized is what policies let in of a connection whose content is taken for
// HTTP, or for a plain stream.
func (a *arrival) authorized(mutual, stream bool) let {
	t, d := a.t, a.d
	from := a.from[0]
	if mutual {
		from = a.from[1]
	}
	a.p.seen = model.Seen{SNI: a.p.seen.SNI, Principal: from.principal, Peer: from.peer, Remote: from.peer, Local: t.addr(d.rep, a.family), Port: a.s.low}
	a.p.verified, a.p.peerOnly = false, a.s.in.PeerOnly
	plain := a.plain()
	if stream {
		return let{constant(t.sp, plain), plain}
	}
	if a.client != nil && !a.s.in.PeerOnly {
		a.p.seen.Remote, a.p.peerOnly = *a.client, true
	}
	requests := a.request(plain)
	if tokens := a.s.in.Tokens(); len(tokens) > 0 {
		a.p.verified = true
		looked := a.request(plain).and(t.sp, both(t.accepted(tokens)))
		// What a browser asks ahead of a request passes without a look at its token.
		ahead := t.preflight()
		requests = requests.and(t.sp, both(ahead)).or(t.sp, looked.and(t.sp, both(t.sp.Complement(ahead))))
	}
	return let{requests, plain}
}

// request returns the requests that policies let in, those of external authorizers
// without a look at the token.
func (a *arrival) request(plain algebra.Tri) Bounds {
	t, before := a.t, a.p
	before.verified = false
	out := t.c.tiers(a.d.chains.custom, &before)
	a.p.reasons = before.reasons
	out = out.and(t.sp, t.c.tiers(a.d.chains.requests, &a.p))
	if a.s.in.ProtocolReason != nil {
		a.p.open(*a.s.in.ProtocolReason)
		out = out.either(t.sp, constant(t.sp, plain))
	}
	return out
}

// preflight returns the requests that ask what requests of other origins may do.
func (t *Table) preflight() request.Set {
	sp := t.sp
	return sp.IntersectAll(sp.Atom(request.Method, lang.Literal("OPTIONS")), sp.Atom(request.Header+"origin", lang.NonEmpty()),
		sp.Atom(request.Header+"access-control-request-method", lang.NonEmpty()))
}

// plain is what the policies for streams say of a plain connection.
func (a *arrival) plain() algebra.Tri {
	switch a.t.chains.Streams.Decide(a.d.rep, &a.p.seen) {
	case model.Allowed:
		return algebra.Yes
	case model.Denied:
		return algebra.No
	}
	for _, list := range a.d.chains.streams {
		a.t.c.tier(list, &a.p) // for the reasons
	}
	return algebra.Maybe
}

// accepted returns the requests without a token and those with one that a rule
// takes; tokens that are not valid are no part of any set.
func (t *Table) accepted(rules []model.TokenRule) request.Set {
	sp := t.sp
	if len(rules) == 0 {
		return sp.All()
	}
	out := sp.Absent(request.Token)
	for _, r := range rules {
		s := sp.Complement(sp.Absent(request.Token))
		if r.Issuer != "" {
			s = sp.Atom(request.Token, request.TokenIssuer(lang.Literal(r.Issuer)))
		}
		if len(r.Audiences) > 0 {
			s = sp.Intersect(s, sp.Atom(request.Audiences, audiences(r.Audiences)))
		}
		out = sp.Union(out, s)
	}
	return out
}

// audiences are the values that are one of those asked for, without scheme and
// trailing slash.
func audiences(asked []string) lang.Lang {
	var out []lang.Lang
	scheme := lang.OneOf("http://", "https://")
	for _, a := range asked {
		rest, plain := strings.CutPrefix(a, "http://")
		if !plain {
			rest = strings.TrimPrefix(a, "https://")
		}
		bare := strings.TrimSuffix(rest, "/")
		same := lang.Literal(bare + "/")
		if !strings.HasSuffix(bare, "/") {
			same = same.Union(lang.Literal(bare))
		}
		out = append(out, lang.Concat(scheme, same), same.Minus(lang.Concat(scheme, lang.All())))
	}
	return lang.UnionAll(out...)
}
