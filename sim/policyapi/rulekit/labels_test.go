package rulekit

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/netfate/netfate/sim/model"
)

// samples are texts near the edges of what labels and names may be.
func samples() []string {
	alphabet := []string{"", "a", "A", "1", "-", "_", ".", "/", " ", "é", "kubernetes.io"}
	var out []string
	for _, a := range alphabet {
		for _, b := range alphabet {
			for _, c := range alphabet {
				out = append(out, a+b+c)
			}
		}
	}
	long := "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
	return append(out, long, long+"l", long+"/a", "a/"+long+"l", "a.b-c.d/e_f", "a.-b/c", "a-.b/c")
}

// The fast checks must say what the API server's say.
func TestFastChecksAgreeWithTheAPIServer(t *testing.T) {
	for _, s := range samples() {
		if got, want := labelKeyError(s) == "", len(validation.IsQualifiedName(s)) == 0; got != want {
			t.Errorf("label key %q: valid %t, the API server says %t", s, got, want)
		}
		if got, want := labelValueError(s) == "", len(validation.IsValidLabelValue(s)) == 0; got != want {
			t.Errorf("label value %q: valid %t, the API server says %t", s, got, want)
		}
		if plainName(s) && len(validation.IsDNS1123Subdomain(s)) > 0 {
			t.Errorf("name %q is taken for valid", s)
		}
	}
}

func TestExpr(t *testing.T) {
	s := &metav1.LabelSelector{
		MatchLabels: map[string]string{"b": "2", "a": "1"},
		MatchExpressions: []metav1.LabelSelectorRequirement{
			{Key: "c", Operator: metav1.LabelSelectorOpNotIn, Values: []string{"y", "x"}},
			{Key: "d", Operator: metav1.LabelSelectorOpDoesNotExist},
		},
	}
	if got, want := Expr(s).String(), "(a=1 && b=2 && c not in (x,y) && !d)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if Expr(nil) != nil || Expr(&metav1.LabelSelector{}) != nil {
		t.Error("an empty selector must match everything")
	}
	var sel model.Selector
	SelectNamespaces(&sel, &metav1.LabelSelector{MatchLabels: map[string]string{model.NameLabel: "t"}})
	if sel.Namespace != "t" || sel.NamespaceLabels != nil {
		t.Errorf("a namespace by its name is not exact: %+v", sel)
	}
}

func TestParseCIDR(t *testing.T) {
	for text, want := range map[string]string{
		"10.0.0.0/8": "10.0.0.0/8", "10.1.2.3/8": "10.0.0.0/8", "010.0.0.0/8": "10.0.0.0/8",
		"2001:db8::1/32": "2001:db8::/32", "::ffff:10.0.0.0/104": "10.0.0.0/8",
		"10.0.0.0": "", "10.0.0.0/33": "", "": "", "x/8": "",
	} {
		p, ok := ParseCIDR(text)
		if ok != (want != "") || ok && p.String() != want {
			t.Errorf("ParseCIDR(%q) = %v, %t; want %q", text, p, ok, want)
		}
	}
}
