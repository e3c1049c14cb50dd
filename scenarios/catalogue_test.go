package scenarios

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
)

func TestReferenceIsFresh(t *testing.T) {
	var b bytes.Buffer
	if err := WriteReference(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "../docs/steps.md", b.String())
}

// TestExamplesAreSteps matches each example with its own pattern and no other.
func TestExamplesAreSteps(t *testing.T) {
	list, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if len(e.Examples) == 0 || e.Explanation == "" {
			t.Errorf("%s has no example or explanation", e.Pattern)
		}
		for _, x := range e.Examples {
			text := withoutKeyword(stepOf(x))
			var found []string
			for _, f := range list {
				if f.re.MatchString(text) {
					found = append(found, f.Pattern)
				}
			}
			if len(found) != 1 || found[0] != e.Pattern {
				t.Errorf("%q is an example of %q and matches %q", text, e.Pattern, found)
			}
			if strings.Contains(x, "\n  |") != e.table {
				t.Errorf("%q: whether it has a table", x)
			}
		}
	}
}

// TestEveryStepIsShown asks that the test features hold each step once where it
// passes and, if it checks something, once where it does not.
func TestEveryStepIsShown(t *testing.T) {
	list, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	paths := []string{"testdata/pass", "testdata/fail/2-reach.feature", "testdata/fail/2-bounds.feature", "testdata/fail/2-change.feature", "testdata/fail/2-requests.feature", "testdata/fail/2-onlyrequests.feature", "testdata/fail/2-anyrequests.feature", "testdata/fail/2-agreerequest.feature"}
	if _, err := Run(context.Background(), Options{Paths: paths, Output: &out, Format: JSON}); err != nil {
		t.Fatal(err)
	}
	seen := map[string]map[Status]bool{}
	dec := json.NewDecoder(&out)
	for dec.More() {
		var st stepJSON
		if err := dec.Decode(&st); err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			if e.re.MatchString(st.Text) {
				if seen[e.Pattern] == nil {
					seen[e.Pattern] = map[Status]bool{}
				}
				seen[e.Pattern][st.Status] = true
			}
		}
	}
	for _, e := range list {
		got := seen[e.Pattern]
		if !got[Passed] {
			t.Errorf("no feature in testdata/pass shows %q", e.Pattern)
		}
		if e.check && !got[Failed] {
			t.Errorf("no feature in testdata/fail shows %q", e.Pattern)
		}
	}
}
