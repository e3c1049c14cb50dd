package l7

import (
	"net/netip"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Matcher is a compiled condition. A nil *Matcher always holds.
type Matcher struct {
	cond     *model.Cond
	args     []*Matcher
	patterns []pattern
}

// Compile prepares a condition. An expression that cannot be compiled leaves a
// condition that may or may not hold.
func Compile(c *model.Cond) *Matcher {
	if c == nil {
		return nil
	}
	m := &Matcher{cond: c}
	for _, a := range c.Args {
		m.args = append(m.args, Compile(a))
	}
	for _, p := range c.Patterns {
		done := compilePattern(p)
		if done.bad != nil {
			r := model.Reason{Kind: model.UnreadInput, Text: done.bad.Error(), Confidence: model.Source, Origin: c.Origin}
			return &Matcher{cond: model.Unknown(&r)}
		}
		m.patterns = append(m.patterns, done)
	}
	return m
}

// Holds tells whether a condition holds for what a point sees.
func (m *Matcher) Holds(s *model.Seen) algebra.Tri {
	if m == nil {
		return algebra.Yes
	}
	switch m.cond.Op {
	case model.CondAnd:
		return m.all(s)
	case model.CondOr:
		return m.any(s)
	case model.CondNot:
		return algebra.Yes - m.args[0].Holds(s)
	case model.CondUnknown:
		return algebra.Maybe
	default:
		return m.leaf(s)
	}
}

func (m *Matcher) all(s *model.Seen) algebra.Tri {
	out := algebra.Yes
	for _, a := range m.args {
		if out = min(out, a.Holds(s)); out == algebra.No {
			return out
		}
	}
	return out
}

func (m *Matcher) any(s *model.Seen) algebra.Tri {
	out := algebra.No
	for _, a := range m.args {
		if out = max(out, a.Holds(s)); out == algebra.Yes {
			return out
		}
	}
	return out
}

// leaf compares one attribute.
func (m *Matcher) leaf(s *model.Seen) algebra.Tri {
	if s.AnyRequest && m.cond.Attr < model.AttrPrincipal {
		return algebra.Maybe
	}
	switch m.cond.Attr {
	case model.AttrPeerAddr:
		return inAddrs(m.cond.Addrs, s.Peer)
	case model.AttrRemoteAddr:
		return inAddrs(m.cond.Addrs, s.Remote)
	case model.AttrLocalAddr:
		return inAddrs(m.cond.Addrs, s.Local)
	case model.AttrPort:
		return algebra.TriOf(inPorts(m.cond.Ports, s.Port))
	case model.AttrTokenAudience, model.AttrTokenClaim:
		return m.values(listValue(m.cond, s))
	default:
		v, ok := value(m.cond, s)
		return algebra.TriOf(ok && m.matches(v))
	}
}

func (m *Matcher) values(list []string) algebra.Tri {
	for _, v := range list {
		if m.matches(v) {
			return algebra.Yes
		}
	}
	return algebra.No
}

func (m *Matcher) matches(v string) bool {
	for i := range m.patterns {
		if m.patterns[i].match(v) {
			return true
		}
	}
	return false
}

// inAddrs is Maybe for an address that is not known, unless every address is in.
func inAddrs(set algebra.AddrSet, a netip.Addr) algebra.Tri {
	if !a.IsValid() {
		if set.Empty() {
			return algebra.No
		}
		return algebra.Maybe
	}
	return algebra.TriOf(set.Contains(a))
}

func inPorts(ranges []model.PortRange, port uint16) bool {
	for _, r := range ranges {
		if port >= r.Low && port <= r.High {
			return true
		}
	}
	return false
}

// value returns a string attribute and whether it is present.
func value(c *model.Cond, s *model.Seen) (string, bool) {
	switch c.Attr {
	case model.AttrPrincipal:
		return s.Principal, s.Principal != ""
	case model.AttrSNI:
		return s.SNI, s.SNI != ""
	}
	r := s.Request
	if r == nil {
		return "", false
	}
	switch c.Attr {
	case model.AttrMethod:
		return orElse(r.Method, "GET"), true
	case model.AttrScheme:
		return orElse(r.Scheme, "http"), true
	case model.AttrHost:
		return r.Authority(), true
	case model.AttrPath:
		return orElse(r.Path, "/"), true
	case model.AttrHeader:
		v, ok := r.Headers[c.Key]
		return v, ok
	case model.AttrQuery:
		v, ok := r.Query[c.Key]
		return v, ok
	case model.AttrTokenPrincipal:
		if t := token(s); t != nil {
			return t.Principal(), true
		}
	case model.AttrTokenIssuer:
		if t := token(s); t != nil {
			return t.Issuer, t.Issuer != ""
		}
	case model.AttrTokenSubject:
		if t := token(s); t != nil {
			return t.Subject, t.Subject != ""
		}
	case model.AttrTokenPresenter:
		if t := token(s); t != nil && t.Presenter != "" {
			return t.Presenter, true
		}
	}
	return "", false
}

// listValue returns the values of an attribute that may have several.
func listValue(c *model.Cond, s *model.Seen) []string {
	t := token(s)
	switch {
	case t == nil:
		return nil
	case c.Attr == model.AttrTokenAudience:
		return t.Audiences
	default:
		return t.Claims[c.Key]
	}
}

// token returns the request's token where the point has validated it.
func token(s *model.Seen) *model.Token {
	if s.Request == nil || !s.Verified || s.Request.Token == nil || s.Request.Token.Invalid {
		return nil
	}
	return s.Request.Token
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// Reasons returns why a condition that may or may not hold is open.
func (m *Matcher) Reasons(s *model.Seen) []model.Reason {
	if m == nil || m.Holds(s) != algebra.Maybe {
		return nil
	}
	switch m.cond.Op {
	case model.CondUnknown:
		return []model.Reason{*m.cond.Reason}
	case model.CondMatch:
		if s.AnyRequest && m.cond.Attr < model.AttrPrincipal {
			return []model.Reason{{Kind: model.MissingFact, Confidence: model.Source, Origin: m.cond.Origin,
				Text: "the port speaks HTTP, and what gets through depends on the request: ask with a method and a URL"}}
		}
		return []model.Reason{{Kind: model.MissingFact, Confidence: model.Source, Origin: m.cond.Origin,
			Text: "the " + m.cond.Attr.String() + " of the connection is not known"}}
	}
	var out []model.Reason
	for _, a := range m.args {
		out = append(out, a.Reasons(s)...)
	}
	return out
}
