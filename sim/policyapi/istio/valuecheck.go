package istio

import (
	"net/netip"
	"strconv"
	"strings"

	securityv1 "istio.io/api/security/v1beta1"
	typev1 "istio.io/api/type/v1beta1"

	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// targeted is an object that chooses workloads, or what gateways and waypoints serve.
type targeted interface {
	GetSelector() *typev1.WorkloadSelector
	GetTargetRef() *typev1.PolicyTargetReference
	GetTargetRefs() []*typev1.PolicyTargetReference
}

// checkTargets refuses more than one way to choose, and references that istiod
// does not know (validation.go validatePolicyTargetReference).
func checkTargets(r *rulekit.Reader, spec rulekit.At, o targeted) {
	checkSelector(r, spec.Key("selector"), o.GetSelector().GetMatchLabels())
	ways := 0
	for _, set := range []bool{o.GetSelector() != nil, o.GetTargetRef() != nil, len(o.GetTargetRefs()) > 0} {
		if set {
			ways++
		}
	}
	if ways > 1 {
		refuse(r, spec.Key("selector"), "only one of selector and targetRefs can be set", "")
	}
	if ref := o.GetTargetRef(); ref != nil {
		checkTarget(r, spec.Key("targetRef"), ref)
	}
	for i, ref := range o.GetTargetRefs() {
		checkTarget(r, spec.Item("targetRefs", i), ref)
	}
}

func checkTarget(r *rulekit.Reader, at rulekit.At, ref *typev1.PolicyTargetReference) {
	if ref.GetName() == "" {
		refuse(r, at, "name must be set", "")
	}
	if ref.GetNamespace() != "" {
		refuse(r, at.Key("namespace"), "must not be set: references do not cross namespaces", "")
	}
	switch group, kind := ref.GetGroup(), ref.GetKind(); {
	case kind == "Service" && (group == "" || group == "core"), kind == "ServiceEntry" && group == "networking.istio.io",
		(kind == "Gateway" || kind == "GatewayClass") && group == "gateway.networking.k8s.io":
	default:
		refuse(r, at, "cannot refer to a "+kind+" of the group "+strconv.Quote(group), "a Service, a ServiceEntry, or a Gateway or GatewayClass of gateway.networking.k8s.io")
	}
}

// checkDryRun refuses the annotation where the action has no dry run, and values
// that are neither true nor false.
func checkDryRun(r *rulekit.Reader, action securityv1.AuthorizationPolicy_Action) {
	at := r.Root().Key("metadata").Key("annotations").Key(dryRunAnnotation)
	if at.Node() == nil {
		return
	}
	if action != securityv1.AuthorizationPolicy_ALLOW && action != securityv1.AuthorizationPolicy_DENY {
		refuse(r, at, "is for the actions ALLOW and DENY only", "")
	} else if _, err := strconv.ParseBool(at.Node().Value); err != nil {
		refuse(r, at, "must be true or false", "")
	}
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

// checkPorts refuses what is no number up to 65535.
func checkPorts(r *rulekit.Reader, at rulekit.At, name string, list []string) {
	for i, v := range list {
		if _, err := strconv.ParseUint(v, 10, 16); err != nil {
			refuse(r, at.Item(name, i), "bad port "+strconv.Quote(v), "ports are numbers up to 65535")
		}
	}
}

// checkAccounts refuses what is no service account (pkg/config/security
// CheckServiceAccount).
func checkAccounts(r *rulekit.Reader, at rulekit.At, name string, list []string) {
	if len(list) > 16 {
		refuse(r, at.Key(name), "may not have more than 16 values", "")
	}
	for i, v := range list {
		ns, sa, named := strings.Cut(v, "/")
		switch {
		case v == "", strings.Contains(v, "*"), strings.Contains(sa, "/"), named && (ns == "" || sa == ""):
			refuse(r, at.Item(name, i), "a service account is name or namespace/name, without wildcards", "")
		case len(v) > 320:
			refuse(r, at.Item(name, i), "may not be longer than 320 characters", "")
		}
	}
}

// checkDomains refuses what is no trust domain: a wildcard stands at one end, once;
// the characters in without do not occur (pkg/config/security CheckTrustDomainValues).
func checkDomains(r *rulekit.Reader, at rulekit.At, name string, list []string, without string) {
	for i, v := range list {
		inner := strings.TrimPrefix(v, "*")
		if inner == v {
			inner = strings.TrimSuffix(v, "*")
		}
		if strings.Contains(inner, "*") {
			refuse(r, at.Item(name, i), "a wildcard is allowed once, at the start or the end", "")
		}
		if without != "" && strings.ContainsAny(v, without) {
			refuse(r, at.Item(name, i), "a trust domain has no "+without, "")
		}
	}
}

// checkTemplates refuses paths with braces that are no template, and templates with
// characters that no path has (pkg/config/security CheckValidPathTemplate).
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
			case isTemplate(v) && !pathText(part):
				refuse(r, at.Item(name, i), "the path template's segment "+strconv.Quote(part)+" is no text that a path has", "no wildcard besides {*} and {**}, and no empty segment")
			}
		}
	}
}

// pathText tells whether a text is one or more of the characters that segments of
// paths have (RFC 3986 pchar, without "*").
func pathText(s string) bool {
	for _, c := range s {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && !strings.ContainsRune("-._~%!$&'()+,;:@=", c) {
			return false
		}
	}
	return s != ""
}
