package mesh

import (
	"maps"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// TokenCheck is what a proxy makes of a request's token.
type TokenCheck struct {
	Verified bool         // policies see the token's claims
	Token    *model.Token // as policies see it
	Step     *model.Step  // nil where the workload asks for no tokens, or there is none
	Status   int          // what a refused token is answered with
	Forward  bool         // a verified token stays in the request
}

// tokensOf returns the kinds of token that an endpoint's proxy validates.
func (v *View) tokensOf(e *model.Endpoint) []model.TokenRule {
	var out []model.TokenRule
	for i := range v.mesh.Tokens {
		r := &v.mesh.Tokens[i]
		if (r.Namespace == "" || r.Namespace == e.Namespace) && selects(r.Selector, e.Labels) {
			out = append(out, *r)
		}
	}
	return out
}

// CheckToken validates a request's token as Envoy's jwt_authn filter does: an
// absent one passes without identity; one that is invalid, or of an issuer that no
// rule names, is answered 401, one for another audience 403. What a browser asks
// ahead of a request (CORS preflight) passes without a look at its token.
func (in *Inbound) CheckToken(r *model.Request) TokenCheck {
	if len(in.tokens) == 0 || r == nil || r.Token == nil || preflight(r) {
		return TokenCheck{}
	}
	step := model.Step{Kind: model.StepRule, Tier: "token", Match: algebra.Yes, Peer: algebra.Yes, Traffic: algebra.Yes,
		Decides: true, Action: model.Deny, Origin: in.tokens[0].Origin}
	if r.Token.Invalid {
		step.Why = "the token is not valid"
		return TokenCheck{Step: &step, Status: 401}
	}
	status := 401
	step.Why = "no rule names the token's issuer " + r.Token.Issuer
	for i := range in.tokens {
		rule := &in.tokens[i]
		if rule.Issuer != "" && rule.Issuer != r.Token.Issuer {
			continue
		}
		step.Origin = rule.Origin
		if forAudience(rule.Audiences, r.Token.Audiences) {
			step.Action, step.Why = model.Allow, "the token of issuer "+r.Token.Issuer+" is valid"
			return TokenCheck{Verified: true, Token: inWords(r.Token, rule.Words), Step: &step, Forward: rule.Forward}
		}
		step.Why, status = "the token is for none of the audiences asked for", 403
	}
	return TokenCheck{Step: &step, Status: status}
}

// preflight tells whether a request asks what requests of other origins may do.
func preflight(r *model.Request) bool {
	return r.Method == "OPTIONS" && r.Headers["origin"] != "" && r.Headers["access-control-request-method"] != ""
}

// forAudience tells whether a token has one of the audiences asked for, if any are.
// They are compared without scheme and trailing slash (Envoy's check_audience.cc).
func forAudience(asked, has []string) bool {
	return len(asked) == 0 || slices.ContainsFunc(asked, func(a string) bool {
		return slices.ContainsFunc(has, func(b string) bool { return bareAudience(a) == bareAudience(b) })
	})
}

func bareAudience(a string) string {
	rest, plain := strings.CutPrefix(a, "http://")
	if !plain {
		rest = strings.TrimPrefix(a, "https://")
	}
	return strings.TrimSuffix(rest, "/")
}

// inWords is a token whose named claims are lists of words, where they are texts.
func inWords(t *model.Token, names []string) *model.Token {
	out := *t
	for _, n := range names {
		if list := t.Claims[n]; len(list) == 1 && strings.Contains(list[0], " ") {
			out.Claims = maps.Clone(out.Claims)
			out.Claims[n] = strings.Fields(list[0])
		}
	}
	return &out
}
