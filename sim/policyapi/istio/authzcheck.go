package istio

import (
	"strings"

	securityv1 "istio.io/api/security/v1beta1"

	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// refuse is a refusal of istiod's webhook. An object of a live cluster got past
// it: it is only told.
func refuse(r *rulekit.Reader, at rulekit.At, message, hint string) {
	if r.Object.Live() {
		r.Warn(at, message, hint)
		return
	}
	r.Reject(at, "istiod's webhook refuses it: "+message, hint)
}

// checkAuthorization is the webhook's validation (pkg/config/validation
// ValidateAuthorizationPolicy).
func checkAuthorization(r *rulekit.Reader, p *securityv1.AuthorizationPolicy) {
	spec := r.Root().Key("spec")
	checkTargets(r, spec, p)
	checkDryRun(r, p.GetAction())
	never := p.GetRules() == nil
	switch p.GetAction() {
	case securityv1.AuthorizationPolicy_CUSTOM:
		checkCustom(r, spec, p)
	case securityv1.AuthorizationPolicy_DENY:
		if never {
			refuse(r, spec, "DENY action without rules is meaningless as it will never be triggered", "add an empty rule {} to deny every request")
		}
	}
	if p.GetProvider() != nil && p.GetAction() != securityv1.AuthorizationPolicy_CUSTOM {
		refuse(r, spec.Key("provider"), "provider is for the action CUSTOM only", "")
	}
	for i, rule := range p.GetRules() {
		checkRule(r, spec.Item("rules", i), rule)
	}
}

func checkCustom(r *rulekit.Reader, spec rulekit.At, p *securityv1.AuthorizationPolicy) {
	if p.GetRules() == nil {
		refuse(r, spec, "CUSTOM action without rules is meaningless as it will never be triggered", "add an empty rule {} for every request")
	} else if p.GetProvider().GetName() == "" {
		refuse(r, spec.Key("provider"), "provider.name must not be empty", "")
	}
	for i, rule := range p.GetRules() {
		at := spec.Item("rules", i)
		for j, from := range rule.GetFrom() {
			s := from.GetSource()
			if len(s.GetNamespaces())+len(s.GetNotNamespaces())+len(s.GetServiceAccounts())+len(s.GetNotServiceAccounts())+len(s.GetTrustDomains())+
				len(s.GetNotTrustDomains())+len(s.GetPrincipals())+len(s.GetNotPrincipals())+len(s.GetRequestPrincipals())+len(s.GetNotRequestPrincipals()) > 0 {
				refuse(r, at.Item("from", j), "identities are not supported with the action CUSTOM", "")
			}
		}
		for j, w := range rule.GetWhen() {
			switch k := w.GetKey(); {
			case k == "source.namespace", k == "source.serviceAccount", k == "source.trustDomain", k == "source.principal", strings.HasPrefix(k, "request.auth."):
				refuse(r, at.Item("when", j), k+" is not supported with the action CUSTOM", "")
			}
		}
	}
}

func checkRule(r *rulekit.Reader, at rulekit.At, rule *securityv1.Rule) {
	if at.Has("from") && len(rule.GetFrom()) == 0 {
		refuse(r, at.Key("from"), "from must not be empty", "leave it out for every source")
	}
	if at.Has("to") && len(rule.GetTo()) == 0 {
		refuse(r, at.Key("to"), "to must not be empty", "leave it out for every operation")
	}
	for i, from := range rule.GetFrom() {
		checkSource(r, at.Item("from", i).Key("source"), from.GetSource())
	}
	for i, to := range rule.GetTo() {
		checkOperation(r, at.Item("to", i).Key("operation"), to.GetOperation())
	}
	for i, w := range rule.GetWhen() {
		checkWhen(r, at.Item("when", i), w)
	}
}

func checkSource(r *rulekit.Reader, at rulekit.At, s *securityv1.Source) {
	if s == nil || at.Set() == 0 {
		refuse(r, at, "source must not be empty", "name who it is about, or leave from out")
		return
	}
	if len(s.GetPrincipals())+len(s.GetNotPrincipals())+len(s.GetNamespaces())+len(s.GetNotNamespaces()) > 0 &&
		len(s.GetServiceAccounts())+len(s.GetNotServiceAccounts()) > 0 {
		refuse(r, at, "cannot set serviceAccounts with namespaces or principals", "")
	}
	for _, f := range [...]struct {
		name string
		list []string
	}{{"ipBlocks", s.GetIpBlocks()}, {"notIpBlocks", s.GetNotIpBlocks()}, {"remoteIpBlocks", s.GetRemoteIpBlocks()}, {"notRemoteIpBlocks", s.GetNotRemoteIpBlocks()}} {
		checkIPs(r, at, f.name, f.list)
	}
	checkAccounts(r, at, "serviceAccounts", s.GetServiceAccounts())
	checkAccounts(r, at, "notServiceAccounts", s.GetNotServiceAccounts())
	checkDomains(r, at, "trustDomains", s.GetTrustDomains(), "/")
	checkDomains(r, at, "notTrustDomains", s.GetNotTrustDomains(), "/")
	checkEmpty(r, at)
}

func checkOperation(r *rulekit.Reader, at rulekit.At, o *securityv1.Operation) {
	if o == nil || at.Set() == 0 {
		refuse(r, at, "operation must not be empty", "name what it is about, or leave to out")
		return
	}
	checkPorts(r, at, "ports", o.GetPorts())
	checkPorts(r, at, "notPorts", o.GetNotPorts())
	checkTemplates(r, at, "paths", o.GetPaths())
	checkTemplates(r, at, "notPaths", o.GetNotPaths())
	checkEmpty(r, at)
}

// checkWhen refuses unknown keys and values of the wrong form.
func checkWhen(r *rulekit.Reader, at rulekit.At, w *securityv1.Condition) {
	if w.GetKey() == "" {
		refuse(r, at, "key must not be empty", "")
		return
	}
	if len(w.GetValues())+len(w.GetNotValues()) == 0 {
		refuse(r, at, "at least one of values and notValues must be set", "")
	}
	_, _, err := (ruleCond{}).condition(w.GetKey())
	switch {
	case err != nil:
		refuse(r, at.Key("key"), err.Error(), didYouMean(w.GetKey(), conditionKeys()))
	case namesInBrackets(w.GetKey()) && !hasBrackets(w.GetKey()):
		refuse(r, at.Key("key"), "the key wants a name in brackets", "")
	}
	switch w.GetKey() {
	case "source.serviceAccount":
		checkAccounts(r, at, "values", w.GetValues())
		checkAccounts(r, at, "notValues", w.GetNotValues())
	case "source.trustDomain":
		checkDomains(r, at, "values", w.GetValues(), "")
		checkDomains(r, at, "notValues", w.GetNotValues(), "")
	case "source.ip", "remote.ip", "destination.ip":
		checkIPs(r, at, "values", w.GetValues())
		checkIPs(r, at, "notValues", w.GetNotValues())
	case "destination.port":
		checkPorts(r, at, "values", w.GetValues())
		checkPorts(r, at, "notValues", w.GetNotValues())
	}
	checkEmpty(r, at)
}

// namesInBrackets tells whether a key is of those that name something in brackets.
func namesInBrackets(key string) bool {
	return strings.HasPrefix(key, "request.headers") || strings.HasPrefix(key, "request.auth.claims") || strings.HasPrefix(key, "experimental.envoy.filters.")
}

// hasBrackets tells whether a key is "a[b]".
func hasBrackets(key string) bool {
	open := strings.Index(key, "[")
	return strings.HasSuffix(key, "]") && open > 0 && open < len(key)-2
}

func conditionKeys() []string {
	return []string{"request.headers[x]", "source.ip", "remote.ip", "source.namespace", "source.principal", "source.serviceAccount",
		"source.trustDomain", "request.auth.principal", "request.auth.audiences", "request.auth.presenter", "request.auth.claims[x]",
		"destination.ip", "destination.port", "connection.sni"}
}
