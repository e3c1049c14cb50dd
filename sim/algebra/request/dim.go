package request

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/algebra/lang"
)

// Kind says how many values a dimension has in one request.
type Kind uint8

// The kinds.
const (
	Scalar   Kind = iota // one
	Optional             // one or none
	List                 // any number
)

// Names of the standard dimensions, and what the names of others begin with.
const (
	Method    = "method"
	Scheme    = "scheme"
	Host      = "host" // the Host header in lower case: with the port where the request names one
	Path      = "path" // absolute, without query, no control characters
	Principal = "principal"
	SNI       = "sni"
	Token     = "token" // see [TokenOf]
	Audiences = "audiences"
	Presenter = "presenter"
	Header    = "header:" // and the name in lower case; several values are one text, joined by ","
	Query     = "query:"  // and the name
	Claim     = "claim:"  // and the path, with "." between the levels
)

// none is the code of an absent value, and what ends each value of a list.
const none = "\x00"

// Dim is a dimension of requests.
type Dim struct {
	Name string
	Kind Kind
	// Domain holds the present values that requests may have, for a list those of one element. Values
	// with a byte 0 are never among them.
	Domain lang.Lang
	// Default is the value of a request that does not say it. An Optional or List one is absent then.
	Default string
	// Prefer holds the values that a witness should have, the best first; others are taken when none
	// of these will do.
	Prefer []lang.Lang
}

// Standard returns the usual dimensions in the order that keeps diagrams small: what rules name together
// is close together, and the path is before the method, so that methods are grouped by path.
func Standard() []Dim {
	name := pattern(`[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*`)
	some := text().Minus(lang.Literal(""))
	domain := lang.Bytes(func(b byte) bool { return b > ' ' && b < 0x7f && (b < 'A' || b > 'Z') })
	return []Dim{
		{Name: SNI, Kind: Optional, Domain: domain.Minus(lang.Literal("")), Prefer: []lang.Lang{name}},
		{Name: Principal, Kind: Optional, Domain: some, Prefer: []lang.Lang{
			pattern(`cluster\.local/ns/[a-z0-9-]+/sa/[a-z0-9-]+`), pattern(`[a-z0-9.-]+/ns/[a-z0-9-]+/sa/[a-z0-9-]+`)}},
		{Name: Scheme, Domain: domain.Minus(lang.Literal("")), Default: "http", Prefer: words("https", "grpc")},
		{Name: Host, Domain: domain, Prefer: []lang.Lang{name}},
		{Name: Path, Domain: line().Intersect(lang.Prefix("/")), Default: "/", Prefer: []lang.Lang{
			pattern(`(/[A-Za-z0-9._-]+)+/?`), pattern(`/[A-Za-z0-9._/-]*`)}},
		{Name: Method, Domain: pattern("[!#$%&'*+.^_`|~0-9A-Za-z-]+"), Default: "GET", Prefer: append(
			words("POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE"), pattern("[A-Z]+"))},
		{Name: Token, Kind: Optional, Domain: tokens(), Prefer: []lang.Lang{
			pattern(`[a-z0-9.:/-]+` + between + `[a-z0-9._@-]+`)}},
		{Name: Audiences, Kind: List, Domain: text(), Prefer: readable()},
		{Name: Presenter, Kind: Optional, Domain: some, Prefer: readable()},
	}
}

// named returns the dimension of a name that is made when it is first used.
func named(name string) (Dim, error) {
	switch key := name[strings.IndexByte(name, ':')+1:]; {
	case key == "":
	case strings.HasPrefix(name, Header):
		if key != strings.ToLower(key) {
			return Dim{}, fmt.Errorf("dimension %q: a header's name has to be in lower case", name)
		}
		values := lang.Bytes(func(b byte) bool { return b == '\t' || printable(b) })
		return Dim{Name: name, Kind: Optional, Domain: values, Prefer: readable()}, nil
	case strings.HasPrefix(name, Query):
		return Dim{Name: name, Kind: Optional, Domain: text(), Prefer: readable()}, nil
	case strings.HasPrefix(name, Claim):
		return Dim{Name: name, Kind: List, Domain: text(), Prefer: readable()}, nil
	}
	return Dim{}, fmt.Errorf("there is no dimension %q: it is neither one of the space's nor header:, query: or claim: with a name", name)
}

// text is what a present value may be.
func text() lang.Lang { return lang.Bytes(func(b byte) bool { return b != 0 }) }

// line is what a path may be: no control characters. Bytes past ASCII are there, because proxies take
// them and because some compare decoded paths.
func line() lang.Lang { return lang.Bytes(printable) }

func printable(b byte) bool { return b >= ' ' && b != 0x7f }

func readable() []lang.Lang {
	return []lang.Lang{pattern(`[A-Za-z0-9._-]+`), pattern(`[!-~]+`), pattern(`[ -~]+`)}
}

func words(texts ...string) []lang.Lang {
	out := make([]lang.Lang, len(texts))
	for i, t := range texts {
		out[i] = lang.Literal(t)
	}
	return out
}

// pattern returns the language of an expression of this package. One that is wrong, which its tests
// would show, holds nothing.
func pattern(e string) lang.Lang {
	l, err := lang.Regexp(e, true)
	if err != nil {
		return lang.Empty()
	}
	return l
}

// SomeElement returns the codes of lists that have a value in l.
func SomeElement(l lang.Lang) lang.Lang {
	end := lang.Literal(none)
	rest := lang.Star(lang.Concat(text(), end))
	return lang.Concat(rest, l.Intersect(text()), end, rest)
}

// NoElement returns the codes of lists that have no value in l, the empty list among them.
func NoElement(l lang.Lang) lang.Lang {
	return lang.Star(lang.Concat(text().Minus(l), lang.Literal(none)))
}
