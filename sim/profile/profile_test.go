package profile

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// TestEveryChoiceHasEvidence walks the fields of each profile: every choice says
// how it is known and why.
func TestEveryChoiceHasEvidence(t *testing.T) {
	row := regexp.MustCompile(`^(N\d+b?)?$`)
	for _, p := range All() {
		v := reflect.ValueOf(p).Elem()
		for i := range v.NumField() {
			if v.Field(i).Kind() != reflect.Struct {
				continue
			}
			s, ok := v.Field(i).Type().FieldByName("Statement")
			if !ok || s.Type != reflect.TypeFor[model.Statement]() {
				continue
			}
			st := v.Field(i).FieldByIndex(s.Index).Interface().(model.Statement)
			name := p.Name + "." + v.Type().Field(i).Name
			if st.Text == "" || st.Confidence == "" {
				t.Errorf("%s has no evidence: %+v", name, st)
			}
			if !strings.Contains("OSDIU", string(st.Confidence)) || !row.MatchString(st.Row) {
				t.Errorf("%s: %+v is neither a mark nor a row", name, st)
			}
			if strings.HasSuffix(st.Text, ".") {
				t.Errorf("%s: %q ends with a dot", name, st.Text)
			}
		}
	}
}

// TestUndefinedOnlyWhereOpen holds the rule that a known implementation decides:
// its open choices are those that nobody verified.
func TestUndefinedOnlyWhereOpen(t *testing.T) {
	for _, p := range All()[1:] {
		for _, c := range []model.Choice[algebra.Tri]{
			p.BlockPods, p.BlockNodes, p.NetworksPods, p.NetworksNodes, p.Hairpin, p.PreDNAT, p.SCTP, p.OtherProtocols,
		} {
			if c.Value == algebra.Maybe && c.Confidence != model.Unverified {
				t.Errorf("%s: %s: open, but marked %s", p.Name, c.Text, c.Confidence)
			}
		}
	}
}

func TestAPIsWithoutEffectSayWhy(t *testing.T) {
	for _, p := range All() {
		for _, api := range []string{NetworkPolicy, AdminNetworkPolicy, ClusterNetworkPolicy} {
			if why, ok := p.APIReasons[api]; p.APIs[api] == ok || ok && why.Text == "" {
				t.Errorf("%s: %s has effect %t with the reason %q", p.Name, api, p.APIs[api], why.Text)
			}
		}
	}
}

func TestAllReturnsFreshProfiles(t *testing.T) {
	a, _ := Get("cilium")
	a.APIs[NetworkPolicy] = false
	b, _ := Get("cilium")
	if !b.APIs[NetworkPolicy] {
		t.Error("a change to one profile shows in the next")
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"cilium":                               "cilium",
		" cilium@1.20 ":                        "cilium",
		"cilium@v1.20.2":                       "cilium",
		"calico@3.32.1":                        "calico",
		"cilium{policyCIDRMatchMode=pods}":     "cilium{policyCIDRMatchMode=pods}",
		"cilium@1.20{ sctp.enabled = true , }": "",
		"cilium{}":                             "cilium",
		"kube-network-policies@1.1":            "kube-network-policies",
	} {
		p, err := Parse(text)
		if want == "" {
			if err == nil {
				t.Errorf("%q is accepted", text)
			}
			continue
		}
		if err != nil || p.Name != want {
			t.Errorf("Parse(%q) = %v, %v; want %s", text, p, err, want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"celium":                           `did you mean "cilium"?`,
		"ovn":                              `did you mean "ovn-kubernetes"?`,
		"weave":                            "known: kubernetes,",
		"cilium@1.18":                      "describes version 1.20.2; there is none for 1.18",
		"cilium@1.2":                       "there is none for 1.2",
		"cilium{policyCidrMatchMode=pods}": `did you mean "policyCIDRMatchMode"?`,
		"cilium{policyCIDRMatchMode=all}":  "none of none, pods, nodes",
		"cilium{nodeSelectorLabels}":       "want key=value",
		"cilium{nodeSelectorLabels=yes}":   "neither true nor false",
		"cilium{sctp.enabled=true":         `missing "}"`,
		"calico{x=y}":                      "has no settings",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q): %v; want %q", text, err, want)
		}
	}
}

func TestSettingsFlipTheirChoice(t *testing.T) {
	for text, flipped := range map[string]func(p *model.Profile) bool{
		"cilium{policyCIDRMatchMode=pods}": func(p *model.Profile) bool {
			return p.BlockPods.Value == algebra.Yes && p.BlockNodes.Value == algebra.No
		},
		"cilium{policyCIDRMatchMode=pods+nodes}": func(p *model.Profile) bool {
			return p.NetworksPods.Value == algebra.Yes && p.NetworksNodes.Value == algebra.Yes
		},
		"cilium{allow-localhost=policy}":          func(p *model.Profile) bool { return p.LocalNode.Value == model.LocalNodeEvaluated },
		"cilium{nodeSelectorLabels=true}":         func(p *model.Profile) bool { return p.NodesPeer.Value == model.Supported },
		"cilium{sctp.enabled=true}":               func(p *model.Profile) bool { return p.SCTP.Value == algebra.Yes },
		"cilium{k8sClusterNetworkPolicy=false}":   func(p *model.Profile) bool { return !p.APIs[ClusterNetworkPolicy] },
		"cilium{policyDefaultLocalCluster=false}": func(p *model.Profile) bool { return !p.LocalCluster.Value },
		"kube-network-policies{npa=v1alpha1}":     func(p *model.Profile) bool { return p.APIs[AdminNetworkPolicy] && !p.APIs[ClusterNetworkPolicy] },
	} {
		if p, err := Parse(text); err != nil || !flipped(p) {
			t.Errorf("%s has no effect (%v)", text, err)
		}
	}
}

// TestDivergenceAgreesWithTheReference holds verdicts of the reference table
// that no profile may lose.
func TestDivergenceAgreesWithTheReference(t *testing.T) {
	want := map[string][]string{ // kubernetes, kube-network-policies, calico, cilium, ovn-kubernetes, antrea
		"N1":  {"allowed", "allowed", "allowed", "denied", "allowed", "denied"},
		"N1b": {"denied", "denied", "denied", "allowed", "allowed", "allowed"},
		"N2":  {"undetermined", "allowed", "allowed", "denied", "allowed", "allowed"},
		"N16": {"denied", "denied", "denied", "allowed", "denied", "denied"},
		"N17": {"denied", "allowed", "denied", "denied", "denied", "denied"},
		"N18": {"denied", "denied", "denied", "allowed", "denied", "denied"},
		"N20": {"allowed", "allowed", "denied", "allowed", "allowed", "allowed"},
		"N39": {"denied", "no effect", "no effect", "no effect", "denied", "denied"},
		"N40": {"denied", "allowed", "denied", "denied", "no effect", "undetermined"},
	}
	for _, r := range Divergence() {
		for i, p := range All() {
			if w := want[r.ID]; w != nil && r.Verdict(p).Verdict != w[i] {
				t.Errorf("%s under %s is %s, the reference says %s", r.ID, p.Name, r.Verdict(p).Verdict, w[i])
			}
		}
	}
	if page := Markdown(); strings.Count(page, "\n| N") < 20 || strings.Contains(page, "[]") {
		t.Errorf("the table is not whole:\n%s", page)
	}
}
