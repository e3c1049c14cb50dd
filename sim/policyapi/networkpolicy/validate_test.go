package networkpolicy_test

import (
	"fmt"
	"testing"

	"github.com/netfate/netfate/sim/policyapi/networkpolicy"
	"github.com/netfate/netfate/sim/policyapi/policytest"
)

func manifestOf(spec string) string {
	return fmt.Sprintf("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: t}\nspec: %s\n", spec)
}

func port(entry string) string {
	return fmt.Sprintf("{podSelector: {}, ingress: [{ports: [%s]}]}", entry)
}

func peer(entry string) string {
	return fmt.Sprintf("{podSelector: {}, policyTypes: [Egress], egress: [{to: [%s]}]}", entry)
}

func TestRejectedAsByTheAPIServer(t *testing.T) {
	const inPort, inPeer = "spec.ingress[0].ports[0]", "spec.egress[0].to[0]"
	for _, c := range []struct{ name, spec, field, message string }{
		{"endPort without port", port("{endPort: 90}"), inPort + ".endPort", "may not be specified when `port` is not specified"},
		{"endPort before port", port("{port: 80, endPort: 79}"), inPort + ".endPort", "must be greater than or equal to `port`"},
		{"endPort with a name", port("{port: web, endPort: 79}"), inPort + ".endPort", "may not be specified when `port` is non-numeric"},
		{"endPort too high", port("{port: 80, endPort: 65536}"), inPort + ".endPort", "must be between 1 and 65535"},
		{"port 0", port("{port: 0}"), inPort + ".port", "must be between 1 and 65535"},
		{"port too high", port("{port: 65536}"), inPort + ".port", "must be between 1 and 65535"},
		{"negative port", port("{port: -1}"), inPort + ".port", "must be between 1 and 65535"},
		{"protocol ICMP", port("{protocol: ICMP}"), inPort + ".protocol", "Unsupported value"},
		{"protocol in small letters", port("{protocol: tcp}"), inPort + ".protocol", "Unsupported value"},
		{"empty protocol", port(`{protocol: ""}`), inPort + ".protocol", "Unsupported value"},
		{"name too long", port("{port: abcdefghijklmnop}"), inPort + ".port", "must be no more than 15 characters"},
		{"name in capitals", port("{port: Web}"), inPort + ".port", "must contain only alpha-numeric"},
		{"number in quotes", port(`{port: "80"}`), inPort + ".port", "must contain at least one letter"},
		{"port is a list", port("{port: [80]}"), inPort + ".port", ""},
		{"empty peer", peer("{}"), inPeer, "must specify a peer"},
		{"block and selector", peer("{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}"), inPeer, "may not specify both ipBlock and another peer"},
		{"no cidr", peer("{ipBlock: {}}"), inPeer + ".ipBlock.cidr", "Required value"},
		{"an address as cidr", peer("{ipBlock: {cidr: 10.0.0.1}}"), inPeer + ".ipBlock.cidr", "must be a valid CIDR value"},
		{"except outside", peer("{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}"), inPeer + ".ipBlock.except[0]", "must be a strict subset of `cidr`"},
		{"except equal", peer("{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}"), inPeer + ".ipBlock.except[0]", "must be a strict subset of `cidr`"},
		{"except wider", peer("{ipBlock: {cidr: 10.0.0.0/8, except: [0.0.0.0/0]}}"), inPeer + ".ipBlock.except[0]", "must be a strict subset of `cidr`"},
		{"except of the other family", peer(`{ipBlock: {cidr: 10.0.0.0/8, except: ["::/64"]}}`), inPeer + ".ipBlock.except[0]", "must be a strict subset of `cidr`"},
		{"except is no cidr", peer("{ipBlock: {cidr: 10.0.0.0/8, except: [x]}}"), inPeer + ".ipBlock.except[0]", "must be a valid CIDR value"},
		{"label key", "{podSelector: {matchLabels: {a b: c}}}", `spec.podSelector.matchLabels.a b`, "Invalid value"},
		{"label value", "{podSelector: {matchLabels: {a: b c}}}", "spec.podSelector.matchLabels.a", "Invalid value"},
		{"In without values", "{podSelector: {matchExpressions: [{key: a, operator: In}]}}", "spec.podSelector.matchExpressions[0].values", "must be specified when `operator` is 'In' or 'NotIn'"},
		{"Exists with values", "{podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}", "spec.podSelector.matchExpressions[0].values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"},
		{"operator", "{podSelector: {matchExpressions: [{key: a, operator: Equals, values: [b]}]}}", "spec.podSelector.matchExpressions[0].operator", "not a valid selector operator"},
		{"value of an expression", "{podSelector: {matchExpressions: [{key: a, operator: In, values: [b/c]}]}}", "spec.podSelector.matchExpressions[0].values[0]", "Invalid value"},
		{"no key", "{podSelector: {matchExpressions: [{operator: Exists}]}}", "spec.podSelector.matchExpressions[0].key", "Invalid value"},
		{"peer's selector", peer("{namespaceSelector: {matchExpressions: [{key: a, operator: NotIn}]}}"), inPeer + ".namespaceSelector.matchExpressions[0].values", "must be specified"},
		{"policyTypes", "{podSelector: {}, policyTypes: [ingress]}", "spec.policyTypes[0]", "Unsupported value"},
		{"three policyTypes", "{podSelector: {}, policyTypes: [Ingress, Egress, Ingress]}", "spec.policyTypes", "may not specify more than two policyTypes"},
		{"rules that are not listed", "{podSelector: {}, policyTypes: [Egress], ingress: [{from: [{}]}]}", "spec.ingress[0].from[0]", "must specify a peer"},
		{"ingress is a map", "{podSelector: {}, ingress: {}}", "spec.ingress", "must be a list"},
		{"spec is a list", "[]", "spec", "must be a map"},
	} {
		t.Run(c.name, func(t *testing.T) {
			policytest.Rejected(t, networkpolicy.Translator{}, manifestOf(c.spec), c.field, c.message)
		})
	}
}

func TestRejectedMetadata(t *testing.T) {
	for name, meta := range map[string]string{
		"no name":    "{namespace: t}",
		"label":      "{name: p, namespace: t, labels: {a: b c}}",
		"label key":  "{name: p, namespace: t, labels: {a//b: c}}",
		"label type": "{name: p, namespace: t, labels: {a: 1}}",
	} {
		t.Run(name, func(t *testing.T) {
			text := "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: " + meta + "\nspec: {podSelector: {}}\n"
			policytest.Rejected(t, networkpolicy.Translator{}, text, "", "")
		})
	}
}

func TestAcceptedAsByTheAPIServer(t *testing.T) {
	for _, spec := range []string{
		"{}",
		port("{port: 80, endPort: 80}"),
		port("{port: 1, endPort: 65535}"),
		port("{port: a-1}"),
		port("{port: null, protocol: null}"),
		peer("{podSelector: null, namespaceSelector: {}}"),
		peer(`{ipBlock: {cidr: "::/0", except: ["2001:db8::/32"]}}`),
		"{podSelector: {matchLabels: {a.b/c_d: E-f.G, e: ''}}}",
		"{podSelector: {}, policyTypes: [Ingress, Ingress]}",
		"{podSelector: {}, policyTypes: []}",
	} {
		t.Run(spec, func(t *testing.T) {
			policytest.Accepted(t, networkpolicy.Translator{}, manifestOf(spec))
		})
	}
}

func FuzzTranslate(f *testing.F) {
	f.Add(typical, false, uint8(0))
	f.Add(manifestOf(port("{port: web, endPort: 79}")), true, uint8(3))
	f.Add(manifestOf(peer("{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}")), false, uint8(1))
	f.Add("metadata: []\nspec: [1]\n", false, uint8(2))
	f.Add("- a\n", true, uint8(4))
	policytest.Fuzz(f, networkpolicy.Translator{})
}

func TestRefusedForItsName(t *testing.T) {
	for _, name := range []string{"P_1", "a..b"} {
		text := "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: " + name + ", namespace: t}\nspec: {podSelector: {}}\n"
		policytest.Refused(t, networkpolicy.Translator{}, text, "metadata.name", "RFC 1123 subdomain")
	}
}
