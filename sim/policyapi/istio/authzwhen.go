package istio

import (
	"fmt"
	"strings"

	securityv1 "istio.io/api/security/v1beta1"

	"github.com/netfate/netfate/sim/model"
)

// when returns the conjunctions of a rule's conditions over the source and over
// the operation. An unknown key invalidates the rule, whatever its action.
func (c ruleCond) when(list []*securityv1.Condition) (from, to *model.Cond, err error) {
	var source, operation []clause
	for _, w := range list {
		x, isSource, err := c.condition(w.GetKey())
		if err != nil {
			return nil, nil, err
		}
		x.yes, x.no = w.GetValues(), w.GetNotValues()
		switch w.GetKey() {
		case "source.principal":
			x.yes, x.no = c.trust.principals(x.yes), c.trust.principals(x.no)
		case "source.trustDomain":
			x.yes, x.no = c.trust.domains(x.yes), c.trust.domains(x.no)
		}
		if isSource {
			source = append(source, x)
		} else {
			operation = append(operation, x)
		}
	}
	if from, err = c.all(source); err != nil {
		return nil, nil, err
	}
	to, err = c.all(operation)
	return from, to, err
}

// condition is the clause of a key, without its values.
func (c ruleCond) condition(key string) (x clause, source bool, err error) {
	switch key {
	case "destination.ip":
		return clause{match: addrs(model.AttrLocalAddr)}, false, nil
	case "destination.port":
		return clause{match: ports}, false, nil
	case "connection.sni":
		return clause{match: strs(model.AttrSNI, "", text)}, false, nil
	case "source.ip":
		return clause{match: addrs(model.AttrPeerAddr)}, true, nil
	case "remote.ip":
		return clause{match: addrs(model.AttrRemoteAddr)}, true, nil
	case "source.namespace":
		return clause{match: strs(model.AttrPrincipal, "", namespacePattern)}, true, nil
	case "source.trustDomain":
		return clause{match: strs(model.AttrPrincipal, "", trustDomainPattern)}, true, nil
	case "source.serviceAccount":
		return clause{match: strs(model.AttrPrincipal, "", func(v string) model.Pattern { return serviceAccountPattern(c.namespace, v) })}, true, nil
	case "source.principal":
		return clause{match: strs(model.AttrPrincipal, "", text)}, true, nil
	case "request.auth.principal":
		return clause{http: true, match: tokenPrincipal}, true, nil
	case "request.auth.audiences":
		return clause{http: true, match: strs(model.AttrTokenAudience, "", text)}, true, nil
	case "request.auth.presenter":
		return clause{http: true, match: strs(model.AttrTokenPresenter, "", text)}, true, nil
	}
	return bracketed(key)
}

// bracketed is the clause of a key with names in brackets.
func bracketed(key string) (clause, bool, error) {
	switch {
	case strings.HasPrefix(key, "request.headers"):
		name, ok := inOuterBrackets(strings.TrimPrefix(key, "request.headers"))
		if !ok {
			return clause{http: true, match: badKey(key)}, true, nil
		}
		return clause{http: true, match: headerNamed(strings.ToLower(name))}, true, nil
	case strings.HasPrefix(key, "request.auth.claims"):
		names, ok := inBrackets(strings.TrimPrefix(key, "request.auth.claims"))
		if !ok {
			return clause{http: true, match: badKey(key)}, true, nil
		}
		return clause{http: true, match: claim(names)}, true, nil
	case strings.HasPrefix(key, "experimental.envoy.filters."):
		if !strings.Contains(key, "[") {
			return clause{match: badKey(key)}, false, nil
		}
		return clause{match: unknown("what filters put into " + strings.TrimPrefix(key, "experimental.") + " is not known")}, false, nil
	}
	return clause{}, false, fmt.Errorf("unknown attribute %s", key)
}

// headerNamed compares a header. Host and the pseudo headers are what the proxy
// makes of the request line.
func headerNamed(name string) func(string) (*model.Cond, error) {
	switch name {
	case "host", ":authority":
		return strs(model.AttrHost, "", header)
	case ":method":
		return strs(model.AttrMethod, "", header)
	case ":scheme":
		return strs(model.AttrScheme, "", header)
	case ":path":
		return unknown("request.headers[:path] compares the path with its query, which is not modelled")
	}
	return strs(model.AttrHeader, name, header)
}

// claim compares a claim of the validated token, of which some have a place of their own.
func claim(names []string) func(string) (*model.Cond, error) {
	key := strings.Join(names, ".")
	if len(names) == 1 {
		switch key {
		case "iss":
			return strs(model.AttrTokenIssuer, "", text)
		case "sub":
			return strs(model.AttrTokenSubject, "", text)
		case "aud":
			return strs(model.AttrTokenAudience, "", text)
		case "azp":
			return strs(model.AttrTokenPresenter, "", text)
		}
	}
	return strs(model.AttrTokenClaim, key, text)
}

func unknown(why string) func(string) (*model.Cond, error) {
	return func(string) (*model.Cond, error) {
		return model.Unknown(&model.Reason{Kind: model.MissingFact, Confidence: model.Source, Text: why}), nil
	}
}

func badKey(key string) func(string) (*model.Cond, error) {
	return func(string) (*model.Cond, error) { return nil, fmt.Errorf("the key %q wants names in brackets", key) }
}

// inBrackets reads "[a][b]". Brackets that do not follow one another so are part
// of a single name (authz/model extractNameInNestedBrackets).
func inBrackets(s string) ([]string, bool) {
	whole := s
	var out []string
	for s != "" {
		end := strings.IndexByte(s, ']')
		if s[0] != '[' || end < 1 || strings.Contains(s[1:end], "[") {
			name, ok := inOuterBrackets(whole)
			return []string{name}, ok
		}
		out = append(out, s[1:end])
		s = s[end+1:]
	}
	return out, len(out) > 0
}

// inOuterBrackets reads "[a]", whatever brackets a holds.
func inOuterBrackets(s string) (string, bool) {
	if len(s) < 2 || s[0] != '[' || s[len(s)-1] != ']' {
		return "", false
	}
	return s[1 : len(s)-1], true
}
