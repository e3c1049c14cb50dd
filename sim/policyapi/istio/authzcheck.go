package istio

import (
	"net/netip"
	"strconv"
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
	checkSelector(r, spec.Key("selector"), p.GetSelector().GetMatchLabels())
	if p.GetSelector() != nil && (p.GetTargetRef() != nil || len(p.GetTargetRefs()) > 0) {
		refuse(r, spec.Key("selector"), "only one of selector and targetRefs can be set", "")
	}
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
	for _, f := range [...]struct {
		name string
		list []string
	}{{"serviceAccounts", s.GetServiceAccounts()}, {"notServiceAccounts", s.GetNotServiceAccounts()}} {
		if len(f.list) > 16 {
			refuse(r, at.Key(f.name), "may not have more than 16 values", "")
		}
		for i, v := range f.list {
			if strings.Count(v, "/") > 1 || strings.Contains(v, "*") || v == "" {
				refuse(r, at.Item(f.name, i), "a service account is name or namespace/name, without wildcards", "")
			}
		}
	}
	checkEmpty(r, at)
}

// checkEmpty refuses empty values in the lists of a map.
func checkEmpty(r *rulekit.Reader, at rulekit.At) {
	n := at.Node()
	if n == nil {
		return
	}
	for i := range n.Keys {
		list := at.Key(n.Keys[i].Name)
		for j := range list.Node().Len() {
			if item := list.Sub(j); item.Node() != nil && item.Node().Value == "" && item.Node().Len() == 0 {
				refuse(r, item, "empty value not allowed", "")
			}
		}
	}
}

func checkIPs(r *rulekit.Reader, at rulekit.At, name string, list []string) {
	for i, v := range list {
		var err error
		if strings.Contains(v, "/") {
			_, err = netip.ParsePrefix(v)
		} else {
			_, err = netip.ParseAddr(v)
		}
		if err != nil {
			refuse(r, at.Item(name, i), "bad address or block "+strconv.Quote(v), "")
		}
	}
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

func checkPorts(r *rulekit.Reader, at rulekit.At, name string, list []string) {
	for i, v := range list {
		if n, err := strconv.Atoi(v); err != nil || n < 1 || n > 65535 {
			refuse(r, at.Item(name, i), "bad port "+strconv.Quote(v), "ports are 1 to 65535")
		}
	}
}

// checkTemplates refuses paths with braces that are no template (pkg/config/security
// CheckValidPathTemplate).
func checkTemplates(r *rulekit.Reader, at rulekit.At, name string, list []string) {
	for i, v := range list {
		globbed := false
		for _, part := range strings.Split(strings.Trim(v, "/"), "/") {
			switch {
			case (part == "{*}" || part == "{**}") && globbed:
				refuse(r, at.Item(name, i), "{**} is not the last operator", "")
			case part == "{*}":
			case part == "{**}":
				globbed = true
			case strings.ContainsAny(part, "{}"):
				refuse(r, at.Item(name, i), "contains { or } beyond a supported path template", "segments are a text, {*} or {**}")
			}
		}
	}
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
	if _, _, err := (ruleCond{}).condition(w.GetKey()); err != nil {
		refuse(r, at.Key("key"), err.Error(), didYouMean(w.GetKey(), conditionKeys()))
	}
	switch w.GetKey() {
	case "source.ip", "remote.ip", "destination.ip":
		checkIPs(r, at, "values", w.GetValues())
		checkIPs(r, at, "notValues", w.GetNotValues())
	case "destination.port":
		checkPorts(r, at, "values", w.GetValues())
		checkPorts(r, at, "notValues", w.GetNotValues())
	}
	checkEmpty(r, at)
}

func conditionKeys() []string {
	return []string{"request.headers[x]", "source.ip", "remote.ip", "source.namespace", "source.principal", "source.serviceAccount",
		"source.trustDomain", "request.auth.principal", "request.auth.audiences", "request.auth.presenter", "request.auth.claims[x]",
		"destination.ip", "destination.port", "connection.sni"}
}
