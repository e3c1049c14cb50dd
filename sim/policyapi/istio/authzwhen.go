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
		name, ok := inBrackets(strings.TrimPrefix(key, "request.headers"))
		if !ok || len(name) != 1 {
			return clause{http: true, match: badKey(key)}, true, nil
		}
		return clause{http: true, match: strs(model.AttrHeader, strings.ToLower(name[0]), header)}, true, nil
	case strings.HasPrefix(key, "request.auth.claims"):
		names, ok := inBrackets(strings.TrimPrefix(key, "request.auth.claims"))
		if !ok {
			return clause{http: true, match: badKey(key)}, true, nil
		}
		return clause{http: true, match: strs(model.AttrTokenClaim, strings.Join(names, "."), text)}, true, nil
	case strings.HasPrefix(key, "experimental.envoy.filters."):
		return clause{match: func(string) (*model.Cond, error) {
			return model.Unknown(&model.Reason{Kind: model.MissingFact, Confidence: model.Source,
				Text: "what filters put into " + strings.TrimPrefix(key, "experimental.") + " is not known"}), nil
		}}, false, nil
	}
	return clause{}, false, fmt.Errorf("unknown attribute %s", key)
}

func badKey(key string) func(string) (*model.Cond, error) {
	return func(string) (*model.Cond, error) { return nil, fmt.Errorf("the key %q wants names in brackets", key) }
}

// inBrackets reads "[a][b]".
func inBrackets(s string) ([]string, bool) {
	var out []string
	for s != "" {
		end := strings.IndexByte(s, ']')
		if s[0] != '[' || end < 2 {
			return nil, false
		}
		out = append(out, s[1:end])
		s = s[end+1:]
	}
	return out, len(out) > 0
}
