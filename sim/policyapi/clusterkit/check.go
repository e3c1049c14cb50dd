package clusterkit

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// maxNetworks is how many networks or domainNames one peer may have.
const maxNetworks = 25

// check repeats what the API server checks by the definition of the cluster
// policies: its schema and its CEL rules.
func check(r *rulekit.Reader, p *Policy) {
	spec := r.Root().Key("spec")
	if !spec.Exists() {
		r.Reject(r.Root(), "spec: Required value", "")
		return
	}
	if p.HasPriority {
		checkPriority(r, spec, p.Priority)
	}
	if !p.Subject.At.Exists() {
		r.Reject(spec, "subject: Required value", "")
	} else {
		CheckOne(r, p.Subject.At, "subject")
		checkPods(r, &p.Subject)
		if p.Subject.At.Set() == 1 && p.Subject.Namespaces == nil && p.Subject.Pods == nil {
			r.Unreadable(p.Subject.At, "neither namespaces nor pods is set", "")
		}
	}
	checkRules(r, spec.Key("ingress"), p.Ingress, p.Limits)
	checkRules(r, spec.Key("egress"), p.Egress, p.Limits)
}

func checkPriority(r *rulekit.Reader, spec rulekit.At, priority int32) {
	at := spec.Key("priority")
	switch {
	case !at.Exists():
		r.Reject(spec, "priority: Required value", "")
	case priority < 0 || priority > 1000:
		r.Reject(at, "Invalid value: "+strconv.Itoa(int(priority))+": should be between 0 and 1000", "")
	}
}

// CheckOne rejects a place that has not exactly one field.
func CheckOne(r *rulekit.Reader, at rulekit.At, what string) {
	switch n := at.Set(); {
	case n == 0:
		r.Reject(at, "Invalid value: should have at least 1 properties", "a "+what+" has exactly one field")
	case n > 1:
		r.Reject(at, "Too many: "+strconv.Itoa(n)+": must have at most 1 items", "a "+what+" has exactly one field")
	}
}

// checkPods checks the selectors of a choice of pods. The definition cannot
// check labels and operators; what implementations make of bad ones is open.
func checkPods(r *rulekit.Reader, p *Subject) {
	r.CheckUnchecked(p.At, "namespaces", p.Namespaces)
	if p.Of == nil && p.Pods == nil {
		return
	}
	pods := p.At.Key("pods")
	if !pods.Has("podSelector") {
		r.Refuse(pods, "podSelector: Required value", "it were {}, every pod")
	}
	if p.NeedsNamespaces && !pods.Has("namespaceSelector") {
		r.Refuse(pods, "namespaceSelector: Required value", "it were {}, every namespace")
	}
	r.CheckUnchecked(pods, "namespaceSelector", p.Of)
	r.CheckUnchecked(pods, "podSelector", p.Pods)
}

func checkRules(r *rulekit.Reader, at rulekit.At, rules []Rule, limits Limits) {
	if len(rules) > limits.Rules {
		r.Reject(at, tooMany(len(rules), limits.Rules), "")
	}
	for i := range rules {
		checkRule(r, &rules[i], limits)
	}
}

func checkRule(r *rulekit.Reader, rule *Rule, limits Limits) {
	if utf8.RuneCountInString(rule.Name) > 100 {
		r.Reject(rule.At.Key("name"), "Too long: may not be more than 100 characters", "")
	}
	if !rule.At.Has("action") {
		r.Reject(rule.At, "action: Required value", "")
	} else if !rule.Valid {
		r.Reject(rule.At.Key("action"), fmt.Sprintf("Unsupported value: %q", rule.Action), "actions are written with a capital letter")
	}
	switch n := len(rule.Peers); {
	case n == 0 && !rule.At.Has(rule.PeersKey):
		r.Reject(rule.At, rule.PeersKey+": Required value", "a rule for every pod names them: namespaces: {}")
	case n == 0:
		r.Reject(rule.At.Key(rule.PeersKey), "Invalid value: 0: should have at least 1 items", "")
	case n > limits.Peers:
		r.Reject(rule.At.Key(rule.PeersKey), tooMany(n, limits.Peers), "")
	}
	switch n := rule.Ports; {
	case n == 0 && rule.At.Has(rule.PortsKey):
		r.Reject(rule.At.Key(rule.PortsKey), "Invalid value: 0: should have at least 1 items", "leave it out for every port")
	case n > limits.Ports:
		r.Reject(rule.At.Key(rule.PortsKey), tooMany(n, limits.Ports), "")
	}
	for i := range rule.Peers {
		checkPeer(r, rule, &rule.Peers[i])
	}
}

func tooMany(have, most int) string {
	return fmt.Sprintf("Too many: %d: must have at most %d items", have, most)
}

func checkPeer(r *rulekit.Reader, rule *Rule, p *Peer) {
	CheckOne(r, p.At, "peer")
	checkPods(r, &p.Subject)
	r.CheckUnchecked(p.At, "nodes", p.Nodes)
	checkList(r, p.At, "networks", p.Networks)
	checkList(r, p.At, "domainNames", p.Domains)
	for i, d := range p.Domains {
		if !validDomain(d) {
			r.Reject(p.At.Item("domainNames", i), fmt.Sprintf("Invalid value: %q: should be a domain name, perhaps after *.", d), "")
		}
	}
	if rule.Named && (p.Nodes != nil || p.Networks != nil || p.Domains != nil) {
		r.Reject(rule.At, "Invalid value: networks/nodes/domainNames peer cannot be set with named ports "+
			"since there are no named ports for networks/nodes/domainNames", "")
	}
}

// checkList checks the size of a list that is a set.
func checkList(r *rulekit.Reader, at rulekit.At, key string, items []string) {
	if !at.Has(key) {
		return
	}
	if len(items) == 0 {
		r.Reject(at.Key(key), "Invalid value: 0: should have at least 1 items", "")
	}
	if len(items) > maxNetworks {
		r.Reject(at.Key(key), tooMany(len(items), maxNetworks), "")
	}
	seen := make(map[string]bool, len(items))
	for i, s := range items {
		if seen[s] {
			r.Reject(at.Item(key, i), fmt.Sprintf("Duplicate value: %q", s), "")
		}
		seen[s] = true
	}
}
