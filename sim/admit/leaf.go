package admit

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/lang"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

// forwarded is the header by which proxies learn a client's address.
const forwarded = request.Header + "x-forwarded-for"

// overRequest returns the requests with a value that one of a leaf's patterns matches.
func (c *compiler) overRequest(x *model.Cond) Bounds {
	var sets []lang.Lang
	for _, p := range x.Patterns {
		l, err := l7.Language(p)
		if err != nil {
			return constant(c.sp, algebra.Maybe)
		}
		sets = append(sets, l)
	}
	l := lang.UnionAll(sets...)
	if l.Err() != nil {
		return constant(c.sp, algebra.Maybe)
	}
	return both(c.atom(x, l))
}

// atom returns the requests whose value of an attribute is in l. A token's claims
// are looked at where there is a token.
func (c *compiler) atom(x *model.Cond, l lang.Lang) request.Set {
	sp := c.sp
	some := l.Intersect(lang.NonEmpty())
	switch x.Attr {
	case model.AttrMethod:
		return sp.Atom(request.Method, l)
	case model.AttrScheme:
		return sp.Atom(request.Scheme, l)
	case model.AttrHost:
		return sp.Atom(request.Host, l)
	case model.AttrPath:
		return sp.Atom(request.Path, l)
	case model.AttrHeader:
		return sp.Atom(request.Header+x.Key, l)
	case model.AttrQuery:
		return sp.Atom(request.Query+x.Key, l)
	case model.AttrTokenPrincipal:
		return sp.Atom(request.Token, request.TokenPrincipal(l))
	case model.AttrTokenIssuer:
		return sp.Atom(request.Token, request.TokenIssuer(some))
	case model.AttrTokenSubject:
		return sp.Atom(request.Token, request.TokenSubject(some))
	case model.AttrTokenAudience:
		return c.withToken(sp.Atom(request.Audiences, l))
	case model.AttrTokenPresenter:
		return c.withToken(sp.Atom(request.Presenter, some))
	}
	return c.claim(x.Key, l, some)
}

// claim is a claim of the token; those that every token has are its issuer and so on.
func (c *compiler) claim(key string, l, some lang.Lang) request.Set {
	sp := c.sp
	switch key {
	case "iss":
		return sp.Atom(request.Token, request.TokenIssuer(some))
	case "sub":
		return sp.Atom(request.Token, request.TokenSubject(some))
	case "aud":
		return c.withToken(sp.Atom(request.Audiences, l))
	case "azp":
		return c.withToken(sp.Atom(request.Presenter, some))
	}
	return c.withToken(sp.Atom(request.Claim+key, l))
}

func (c *compiler) withToken(s request.Set) request.Set {
	return c.sp.Intersect(s, c.sp.Complement(c.sp.Absent(request.Token)))
}

// badPattern is why a leaf over the request is open.
func badPattern(x *model.Cond) model.Reason {
	for _, p := range x.Patterns {
		if _, err := l7.Language(p); err != nil {
			return model.Reason{Kind: model.UnreadInput, Text: err.Error(), Confidence: model.Source, Origin: x.Origin}
		}
	}
	return model.Reason{Kind: model.UnreadInput, Text: "its patterns together are too large", Confidence: model.Source, Origin: x.Origin}
}

// remote is a condition on the client's address as forwarding headers tell it. Without
// one it is the peer's. Of the header's values one inside and one outside are settled,
// which shows that a client may write it, and the others are open.
func (c *compiler) remote(x *model.Cond, p *place) Bounds {
	sp := c.sp
	if x.Addrs.Empty() {
		return both(sp.None())
	}
	seen := p.seen
	seen.Remote = seen.Peer
	said := sp.Complement(sp.Absent(forwarded))
	out := constant(sp, c.holds(x, &seen)).and(sp, both(sp.Absent(forwarded)))
	inside := sp.Atom(forwarded, lang.Literal(x.Addrs[0].From.String()))
	out.Sure = sp.Union(out.Sure, inside)
	if rest := algebra.AllAddrs().Subtract(x.Addrs); !rest.Empty() {
		said = sp.Minus(said, sp.Atom(forwarded, lang.Literal(rest[0].From.String())))
	}
	out.May = sp.Union(out.May, said)
	p.open(model.Reason{Kind: model.MissingFact, Confidence: model.Source, Origin: x.Origin,
		Text: "the proxy takes the client's address from the header x-forwarded-for, which a client may write"})
	return out
}
