package model

import (
	"github.com/netfate/netfate/sim/algebra"
)

// Attr is an attribute of a request or connection that a condition looks at.
type Attr uint8

// The attributes. Those of layer 4 exist on every connection.
const (
	AttrMethod         Attr = iota // Request.Method
	AttrScheme                     // Request.Scheme
	AttrHost                       // the Host header: Request.Authority
	AttrPath                       // Request.Path, normalised as the point does it
	AttrHeader                     // header Key (lower case); absent when the request lacks it
	AttrQuery                      // query parameter Key
	AttrTokenPrincipal             // "issuer/subject" of a verified token; absent without one
	AttrTokenIssuer                // the verified token's issuer
	AttrTokenSubject               // the verified token's subject
	AttrTokenAudience              // any of the token's audiences
	AttrTokenPresenter             // claim azp
	AttrTokenClaim                 // any value of claim Key
	AttrPrincipal                  // layer 4: Seen.Principal; absent for plaintext
	AttrSNI                        // layer 4: Seen.SNI
	AttrPeerAddr                   // layer 4: Seen.Peer in Addrs
	AttrRemoteAddr                 // layer 4 or 7: Seen.Remote in Addrs
	AttrLocalAddr                  // layer 4: Seen.Local in Addrs
	AttrPort                       // layer 4: Seen.Port in Ports
)

// String returns the attribute as it is shown.
func (a Attr) String() string {
	return [...]string{"method", "scheme", "host", "path", "header", "query", "request principal", "token issuer", "token subject", "audience",
		"presenter", "claim", "principal", "SNI", "source address", "remote address", "destination address", "port"}[a]
}

// PatternKind is how a pattern compares.
type PatternKind uint8

// The kinds. Values are compared as bytes; Fold ignores the case of ASCII letters.
const (
	PatternExact      PatternKind = iota // equal to Value
	PatternPrefix                        // starts with Value
	PatternSuffix                        // ends with Value
	PatternContains                      // contains Value
	PatternPresent                       // present and not empty
	PatternAny                           // present, also when empty
	PatternPathPrefix                    // element-wise prefix: /foo matches /foo and /foo/..., not /foobar
	PatternTemplate                      // path with {*} for one segment and {**} for any number of them
	PatternHostSuffix                    // ".example.com": one or more labels before it, never the apex
	PatternRegexp                        // RE2 expression that matches the whole value
)

// Pattern is one comparison of a string.
type Pattern struct {
	Kind  PatternKind
	Value string
	Fold  bool
	Shown string // how people say it, where Value is an expression made from it
}

// CondOp is the operator of a condition.
type CondOp uint8

// The operators.
const (
	CondMatch   CondOp = iota // a leaf: the attribute is present and one of its patterns, blocks or ports matches
	CondAnd                   // all of Args; of none it holds
	CondOr                    // one of Args; of none it does not hold
	CondNot                   // not Args[0]
	CondUnknown               // may or may not hold, for Reason
)

// PortRange is an inclusive range of ports.
type PortRange struct{ Low, High uint16 }

// Cond is a condition over a request or connection. A nil *Cond always holds. A
// leaf on an absent attribute does not hold, its negation does.
type Cond struct {
	Op       CondOp
	Args     []*Cond
	Attr     Attr
	Key      string
	Patterns []Pattern
	Addrs    algebra.AddrSet
	Ports    []PortRange
	Reason   *Reason // for CondUnknown
	Origin   Origin  // the field that says it
}

// Match returns a leaf over strings.
func Match(a Attr, key string, patterns ...Pattern) *Cond {
	return &Cond{Attr: a, Key: key, Patterns: patterns}
}

// MatchAddrs returns a leaf over addresses.
func MatchAddrs(a Attr, s algebra.AddrSet) *Cond { return &Cond{Attr: a, Addrs: s} }

// MatchPorts returns a leaf over the port.
func MatchPorts(ranges ...PortRange) *Cond { return &Cond{Attr: AttrPort, Ports: ranges} }

// AllOf returns the conjunction of the conditions that are not nil; nil when none is left.
func AllOf(args ...*Cond) *Cond {
	kept := make([]*Cond, 0, len(args))
	for _, a := range args {
		if a != nil {
			kept = append(kept, a)
		}
	}
	switch len(kept) {
	case 0:
		return nil
	case 1:
		return kept[0]
	}
	return &Cond{Op: CondAnd, Args: kept}
}

// AnyOf returns the disjunction; a nil argument makes it nil, none makes it false.
func AnyOf(args ...*Cond) *Cond {
	for _, a := range args {
		if a == nil {
			return nil
		}
	}
	if len(args) == 1 {
		return args[0]
	}
	return &Cond{Op: CondOr, Args: args}
}

// NotCond returns the negation; of nil it is false.
func NotCond(c *Cond) *Cond {
	if c == nil {
		return &Cond{Op: CondOr}
	}
	return &Cond{Op: CondNot, Args: []*Cond{c}}
}

// Unknown returns a condition that may or may not hold.
func Unknown(r *Reason) *Cond { return &Cond{Op: CondUnknown, Reason: r, Origin: r.Origin} }
