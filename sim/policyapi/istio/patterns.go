package istio

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// text is a value as authorization compares most strings: exact, "prefix*",
// "*suffix", or "*" for anything that is not empty (authz/matcher StringMatcher).
func text(v string) model.Pattern {
	switch {
	case v == "*":
		return model.Pattern{Kind: model.PatternPresent}
	case strings.HasPrefix(v, "*"):
		return model.Pattern{Kind: model.PatternSuffix, Value: v[1:]}
	case strings.HasSuffix(v, "*"):
		return model.Pattern{Kind: model.PatternPrefix, Value: v[:len(v)-1]}
	}
	return model.Pattern{Kind: model.PatternExact, Value: v}
}

// header is a value of a header: as text, but "*" is any value, also an empty one.
func header(v string) model.Pattern {
	if v == "*" {
		return model.Pattern{Kind: model.PatternAny}
	}
	return text(v)
}

// host is the Host header: as header, without regard to case.
func host(v string) model.Pattern {
	p := header(v)
	p.Fold = true
	return p
}

// path is a path: as text, or a template where it has {*} or {**}.
func path(v string) model.Pattern {
	if isTemplate(v) {
		return model.Pattern{Kind: model.PatternTemplate, Value: v}
	}
	return text(v)
}

func isTemplate(path string) bool {
	return strings.Contains(path, "{*}") || strings.Contains(path, "{**}")
}

// namespacePattern is a namespace in a principal; "*" stands for any text.
func namespacePattern(v string) model.Pattern {
	parts := strings.Split(v, "*")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regex(".*/ns/"+strings.Join(parts, ".*")+"/.*", "of namespace "+v)
}

// serviceAccountPattern is "name" of the policy's namespace or "namespace/name".
func serviceAccountPattern(own, v string) model.Pattern {
	ns, sa, ok := strings.Cut(v, "/")
	if !ok {
		ns, sa = own, v
	}
	return regex(fmt.Sprintf(".+/ns/%s/(.+/|)sa/%s(/.+)?", regexp.QuoteMeta(ns), regexp.QuoteMeta(sa)), "of service account "+ns+"/"+sa)
}

// trustDomainPattern is the trust domain of a principal.
func trustDomainPattern(v string) model.Pattern {
	switch {
	case v == "*":
		return model.Pattern{Kind: model.PatternPresent}
	case !strings.Contains(v, "*"):
		return model.Pattern{Kind: model.PatternPrefix, Value: v + "/"}
	}
	before, after, _ := strings.Cut(v, "*")
	return regex(regexp.QuoteMeta(before)+"[^/]*"+regexp.QuoteMeta(after)+"/.*", "of trust domain "+v)
}

func regex(expr, shown string) model.Pattern {
	return model.Pattern{Kind: model.PatternRegexp, Value: expr, Shown: shown}
}

// requestPrincipal is "issuer/subject" as authorization compares it: the last
// slash parts the two, a wildcard stands at one end.
func requestPrincipal(v string) *model.Cond {
	iss, sub := v, ""
	cut := strings.LastIndex(v, "/")
	if cut >= 0 {
		iss, sub = v[:cut], v[cut+1:]
	}
	some := model.Pattern{Kind: model.PatternPresent}
	issP, subP := text(iss), model.Pattern{Kind: model.PatternExact, Value: sub}
	switch {
	case v == "*":
		issP, subP = some, some
	case strings.HasPrefix(v, "*"):
		if cut < 0 {
			issP, subP = some, model.Pattern{Kind: model.PatternSuffix, Value: v[1:]}
		} else if iss != "*" {
			issP = model.Pattern{Kind: model.PatternSuffix, Value: iss[1:]}
		}
	case strings.HasSuffix(v, "*"):
		if cut < 0 {
			issP, subP = model.Pattern{Kind: model.PatternPrefix, Value: v[:len(v)-1]}, some
		} else {
			issP, subP = model.Pattern{Kind: model.PatternExact, Value: iss}, model.Pattern{Kind: model.PatternPrefix, Value: sub[:max(0, len(sub)-1)]}
			if sub == "*" {
				subP = some
			}
		}
	default:
		issP = model.Pattern{Kind: model.PatternExact, Value: iss}
	}
	return model.AllOf(model.Match(model.AttrTokenIssuer, "", issP), model.Match(model.AttrTokenSubject, "", subP))
}
