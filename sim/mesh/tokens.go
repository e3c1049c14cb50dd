package mesh

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// TokenCheck is what a proxy makes of a request's token.
type TokenCheck struct {
	Verified bool        // policies see the token's claims
	Step     *model.Step // nil where the workload asks for no tokens, or there is none
	Status   int         // what a refused token is answered with
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
// rule names, is answered 401, one for another audience 403.
func (in *Inbound) CheckToken(r *model.Request) TokenCheck {
	if len(in.tokens) == 0 || r == nil || r.Token == nil {
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
		if len(rule.Audiences) == 0 || slices.ContainsFunc(rule.Audiences, func(a string) bool { return slices.Contains(r.Token.Audiences, a) }) {
			step.Action, step.Why = model.Allow, "the token of issuer "+r.Token.Issuer+" is valid"
			return TokenCheck{Verified: true, Step: &step}
		}
		step.Why, status = "the token is for none of the audiences asked for", 403
	}
	return TokenCheck{Step: &step, Status: status}
}
