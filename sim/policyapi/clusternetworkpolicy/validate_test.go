package clusternetworkpolicy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/policyapi/clusternetworkpolicy"
	"github.com/netfate/netfate/sim/policyapi/policytest"
)

func manifestOf(spec string) string {
	return fmt.Sprintf("apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: p}\nspec: %s\n", spec)
}

func with(rest string) string {
	return "{tier: Admin, priority: 1, subject: {namespaces: {}}" + rest + "}"
}

func ingress(rule string) string { return with(", ingress: [" + rule + "]") }

func protocol(entry string) string {
	return ingress("{action: Deny, from: [{namespaces: {}}], protocols: [" + entry + "]}")
}

func to(peer string) string { return with(", egress: [{action: Accept, to: [" + peer + "]}]") }

func list(n int, item string) string { return strings.Repeat(item+", ", n-1) + item }

func TestRejectedAsByTheAPIServer(t *testing.T) {
	const rule, toPeer = "spec.ingress[0]", "spec.egress[0].to[0]"
	const allow = "{action: Accept, from: [{namespaces: {}}]}"
	for _, c := range []struct{ name, spec, field, message string }{
		{"no tier", "{priority: 1, subject: {namespaces: {}}}", "spec", "tier: Required value"},
		{"tier", "{tier: admin, priority: 1, subject: {namespaces: {}}}", "spec.tier", "Unsupported value"},
		{"no priority", "{tier: Admin, subject: {namespaces: {}}}", "spec", "priority: Required value"},
		{"priority", "{tier: Admin, priority: 1001, subject: {namespaces: {}}}", "spec.priority", "between 0 and 1000"},
		{"negative priority", "{tier: Admin, priority: -1, subject: {namespaces: {}}}", "spec.priority", "between 0 and 1000"},
		{"no subject", "{tier: Admin, priority: 1}", "spec", "subject: Required value"},
		{"empty subject", "{tier: Admin, priority: 1, subject: {}}", "spec.subject", "at least 1 properties"},
		{"two subjects", "{tier: Admin, priority: 1, subject: {namespaces: {}, pods: {podSelector: {}}}}", "spec.subject", "must have at most 1"},
		{"26 rules", with(", ingress: [" + list(26, allow) + "]"), "spec.ingress", "Too many: 26"},
		{"no action", ingress("{from: [{namespaces: {}}]}"), rule, "action: Required value"},
		{"action Allow", ingress("{action: Allow, from: [{namespaces: {}}]}"), rule + ".action", "Unsupported value"},
		{"no from", ingress("{action: Deny}"), rule, "from: Required value"},
		{"empty from", ingress("{action: Deny, from: []}"), rule + ".from", "at least 1 items"},
		{"26 peers", ingress("{action: Deny, from: [" + list(26, "{namespaces: {}}") + "]}"), rule + ".from", "Too many: 26"},
		{"empty peer", ingress("{action: Deny, from: [{}]}"), rule + ".from[0]", "at least 1 properties"},
		{"two peers in one", ingress("{action: Deny, from: [{namespaces: {}, pods: {podSelector: {}}}]}"), rule + ".from[0]", "at most 1"},
		{"name", ingress("{name: " + strings.Repeat("x", 101) + ", action: Deny, from: [{namespaces: {}}]}"), rule + ".name", "Too long"},
		{"empty protocols", ingress("{action: Deny, from: [{namespaces: {}}], protocols: []}"), rule + ".protocols", "at least 1 items"},
		{"empty protocol", protocol("{}"), rule + ".protocols[0]", "at least 1 properties"},
		{"two protocols in one", protocol("{tcp: {destinationPort: {number: 1}}, destinationNamedPort: web}"), rule + ".protocols[0]", "at most 1"},
		{"tcp without port", protocol("{tcp: {}}"), rule + ".protocols[0].tcp", "at least 1 properties"},
		{"empty port", protocol("{udp: {destinationPort: {}}}"), rule + ".protocols[0].udp.destinationPort", "at least 1 properties"},
		{"number and range", protocol("{udp: {destinationPort: {number: 1, range: {start: 1, end: 2}}}}"), rule + ".protocols[0].udp.destinationPort", "at most 1"},
		{"port 0", protocol("{tcp: {destinationPort: {number: 0}}}"), rule + ".protocols[0].tcp.destinationPort.number", "between 1 and 65535"},
		{"port 65536", protocol("{sctp: {destinationPort: {number: 65536}}}"), rule + ".protocols[0].sctp.destinationPort.number", "between 1 and 65535"},
		{"range backwards", protocol("{tcp: {destinationPort: {range: {start: 2, end: 1}}}}"), rule + ".protocols[0].tcp.destinationPort.range", "Start port must be less than End port"},
		{"range of one", protocol("{tcp: {destinationPort: {range: {start: 2, end: 2}}}}"), rule + ".protocols[0].tcp.destinationPort.range", "Start port must be less than End port"},
		{"bad cidr", to("{networks: [10.0.0.1]}"), toPeer + ".networks[0]", "Invalid CIDR format"},
		{"leading zeros", to("{networks: [010.0.0.0/8]}"), toPeer + ".networks[0]", "Invalid CIDR format"},
		{"no networks", to("{networks: []}"), toPeer + ".networks", "at least 1 items"},
		{"26 networks", to("{networks: [" + list(26, "10.0.0.0/8") + "]}"), toPeer + ".networks", "Too many: 26"},
		{"networks twice", to("{networks: [10.0.0.0/8, 10.0.0.0/8]}"), toPeer + ".networks[1]", "Duplicate value"},
		{"domain", to("{domainNames: [com]}"), toPeer + ".domainNames[0]", "should be a domain name"},
		{"wildcard inside", to("{domainNames: ['a.*.com']}"), toPeer + ".domainNames[0]", "should be a domain name"},
		{"named port of a network", with(", egress: [{action: Deny, to: [{networks: [10.0.0.0/8]}], protocols: [{destinationNamedPort: web}]}]"), "spec.egress[0]", "cannot be set with named ports"},
		{"named port of nodes", with(", egress: [{action: Deny, to: [{nodes: {}}], protocols: [{destinationNamedPort: web}]}]"), "spec.egress[0]", "cannot be set with named ports"},
	} {
		t.Run(c.name, func(t *testing.T) {
			policytest.Rejected(t, clusternetworkpolicy.Translator{}, manifestOf(c.spec), c.field, c.message)
		})
	}
}

func TestAcceptedAsByTheAPIServer(t *testing.T) {
	for _, spec := range []string{
		ingress("{action: Pass, from: [{pods: {podSelector: {}}}]}"),
		with(", ingress: [" + list(25, "{action: Accept, from: [{namespaces: {}}]}") + "]"),
		to("{networks: [10.0.0.1/8, '::/0']}"),
		to("{domainNames: ['*.example.com', a_b.c, x.y.z.]}"),
		to("{nodes: {}}"),
		protocol("{tcp: {destinationPort: {range: {start: 1, end: 65535}}}}"),
	} {
		t.Run(spec, func(t *testing.T) {
			policytest.Accepted(t, clusternetworkpolicy.Translator{}, manifestOf(spec))
		})
	}
}

func FuzzTranslate(f *testing.F) {
	f.Add(manifestOf(to("{domainNames: ['*.example.com']}")), false, uint8(3))
	f.Add(manifestOf(to("{nodes: {}}, {networks: [10.0.0.0/8]}, {new: {}}")), true, uint8(2))
	f.Add(manifestOf(protocol("{destinationNamedPort: web}")), false, uint8(2))
	f.Add("spec: {subject: [], ingress: {a: b}}\n", true, uint8(0))
	policytest.Fuzz(f, clusternetworkpolicy.Translator{})
}
