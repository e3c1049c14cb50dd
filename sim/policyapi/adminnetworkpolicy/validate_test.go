package adminnetworkpolicy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/policyapi/adminnetworkpolicy"
	"github.com/netfate/netfate/sim/policyapi/policytest"
)

func manifestOf(kind, name, spec string) string {
	return fmt.Sprintf("apiVersion: policy.networking.k8s.io/v1alpha1\nkind: %s\nmetadata: {name: %s}\nspec: %s\n", kind, name, spec)
}

func admin(spec string) string { return manifestOf("AdminNetworkPolicy", "p", spec) }

func baseline(spec string) string { return manifestOf("BaselineAdminNetworkPolicy", "default", spec) }

func with(rest string) string { return admin("{priority: 1, subject: {namespaces: {}}" + rest + "}") }

func ports(entry string) string {
	return with(", ingress: [{action: Deny, from: [{namespaces: {}}], ports: [" + entry + "]}]")
}

func TestRejectedAsByTheAPIServer(t *testing.T) {
	const port = "spec.ingress[0].ports[0]"
	for _, c := range []struct{ name, text, field, message string }{
		{"no priority", admin("{subject: {namespaces: {}}}"), "spec", "priority: Required value"},
		{"priority", admin("{priority: 1001, subject: {namespaces: {}}}"), "spec.priority", "between 0 and 1000"},
		{"two subjects", admin("{priority: 1, subject: {namespaces: {}, pods: {podSelector: {}, namespaceSelector: {}}}}"), "spec.subject", "at most 1"},
		{"action Accept", with(", ingress: [{action: Accept, from: [{namespaces: {}}]}]"), "spec.ingress[0].action", "Unsupported value"},
		{"no to", with(", egress: [{action: Deny}]"), "spec.egress[0]", "to: Required value"},
		{"101 rules", with(", ingress: [" + strings.Repeat("{action: Deny, from: [{namespaces: {}}]}, ", 101) + "]"), "spec.ingress", "Too many: 101"},
		{"empty ports", ports(""), "spec.ingress[0].ports", "at least 1 items"},
		{"empty port", ports("{}"), port, "at least 1 properties"},
		{"two ports in one", ports("{namedPort: a, portNumber: {port: 1}}"), port, "at most 1"},
		{"port 0", ports("{portNumber: {protocol: TCP, port: 0}}"), port + ".portNumber.port", "between 1 and 65535"},
		{"range end", ports("{portRange: {protocol: TCP, start: 1, end: 70000}}"), port + ".portRange.end", "between 1 and 65535"},
		{"named port of a network", with(", egress: [{action: Deny, to: [{networks: [10.0.0.0/8]}], ports: [{namedPort: web}]}]"), "spec.egress[0]", "cannot be set with named ports"},
		{"baseline's name", manifestOf("BaselineAdminNetworkPolicy", "other", "{subject: {namespaces: {}}}"), "metadata.name", `metadata.name="default"`},
		{"baseline's Pass", baseline("{subject: {namespaces: {}}, ingress: [{action: Pass, from: [{namespaces: {}}]}]}"), "spec.ingress[0].action", "Unsupported value"},
		{"no spec", "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: p}\n", "", "spec: Required value"},
	} {
		t.Run(c.name, func(t *testing.T) {
			policytest.Rejected(t, adminnetworkpolicy.Translator{}, c.text, c.field, c.message)
		})
	}
}

func TestAcceptedAsByTheAPIServer(t *testing.T) {
	for name, text := range map[string]string{
		"pass":     with(", ingress: [{action: Pass, from: [{namespaces: {}}]}]"),
		"ports":    ports("{portRange: {start: 1, end: 65535}}, {namedPort: Any_Name}"),
		"baseline": baseline("{subject: {namespaces: {}}, egress: [{action: Allow, to: [{nodes: {}}]}]}"),
	} {
		t.Run(name, func(t *testing.T) {
			policytest.Accepted(t, adminnetworkpolicy.Translator{}, text)
		})
	}
}

func FuzzTranslate(f *testing.F) {
	f.Add(ports("{portNumber: {protocol: X, port: 1}}"), false, uint8(0))
	f.Add(with(", egress: [{action: Allow, to: [{domainNames: [a.b]}]}]"), true, uint8(4))
	f.Add(baseline("{subject: {}, ingress: [{}]}"), false, uint8(5))
	policytest.Fuzz(f, adminnetworkpolicy.Translator{})
}

func TestRefusedForItsForm(t *testing.T) {
	rule := ", ingress: [{action: Deny, from: [{namespaces: {}}]}]}"
	policytest.Refused(t, adminnetworkpolicy.Translator{}, admin("{priority: 1, subject: {pods: {podSelector: {}}}"+rule),
		"spec.subject.pods", "namespaceSelector: Required value")
	policytest.Refused(t, adminnetworkpolicy.Translator{}, admin("{priority: 1, subject: {pods: {namespaceSelector: {}}}"+rule),
		"spec.subject.pods", "podSelector: Required value")
}
