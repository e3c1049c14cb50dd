package policytest

import (
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/profile"
)

// Rejected translates one manifest and fails the test unless the API server
// would refuse it: a problem that is marked so, at the field, holding the text,
// with a line, and no policy. An empty field accepts any.
func Rejected(t *testing.T, tr policyapi.Translator, text, field, message string) {
	t.Helper()
	out := Translate(t, tr, profile.Default, text)
	if len(out.Policies) > 0 {
		t.Errorf("a rejected object has policies:\n%s", Dump(out))
	}
	for _, p := range out.Problems {
		if p.Rejected && p.Severity == model.Error && p.Line > 0 &&
			strings.Contains(p.Message, message) && (field == "" || p.Field == field) {
			return
		}
	}
	t.Errorf("want a rejection at %q that says %q, got:\n%s", field, message, Dump(out))
}

// Refused translates one manifest and fails the test unless the API server would
// refuse it for its form alone: an error at the field, and policies all the same.
func Refused(t *testing.T, tr policyapi.Translator, text, field, message string) {
	t.Helper()
	out := Translate(t, tr, profile.Default, text)
	for _, p := range out.Problems {
		if !p.Rejected && p.Severity == model.Error && p.Line > 0 && p.Field == field &&
			strings.Contains(p.Message, message) && strings.Contains(p.Hint, "API server refuses") && len(out.Policies) > 0 {
			return
		}
	}
	t.Errorf("want a refusal at %q that says %q, and policies, got:\n%s", field, message, Dump(out))
}

// Accepted translates one manifest and fails the test if anything is wrong with
// it or it has no policy.
func Accepted(t *testing.T, tr policyapi.Translator, text string) {
	t.Helper()
	out := Translate(t, tr, profile.Default, text)
	if len(out.Problems) > 0 || len(out.Policies) == 0 {
		t.Errorf("want policies and no problem, got:\n%s", Dump(out))
	}
}

// Translate translates the objects of a manifest under a profile.
func Translate(t testing.TB, tr policyapi.Translator, network, text string) policyapi.Output {
	t.Helper()
	p, err := profile.Parse(network)
	if err != nil {
		t.Fatal(err)
	}
	ctx := &policyapi.Context{Profile: p, Decoder: manifest.NewDecoder()}
	var all policyapi.Output
	for _, o := range Objects(t, "test.yaml", text) {
		out := tr.Translate(ctx, o)
		all.Policies = append(all.Policies, out.Policies...)
		all.Problems = append(all.Problems, out.Problems...)
		all.Gaps = append(all.Gaps, out.Gaps...)
	}
	return all
}

// Fuzz feeds arbitrary trees to a translator: nothing may panic, whatever the
// objects look like, and every policy must have a subject's origin.
func Fuzz(f *testing.F, tr policyapi.Translator) {
	profiles := profile.All()
	f.Fuzz(func(t *testing.T, text string, lenient bool, which uint8) {
		docs, _ := manifest.Parse("fuzz.yaml", []byte(text), manifest.DefaultLimits())
		ctx := &policyapi.Context{
			Profile: profiles[int(which)%len(profiles)], Decoder: manifest.NewDecoder(), Lenient: lenient,
		}
		for _, d := range docs {
			if d.Root == nil {
				continue
			}
			out := tr.Translate(ctx, Object(d))
			for _, p := range out.Policies {
				if p.Policy.Origin.Object == nil {
					t.Errorf("a policy without an origin: %s", Dump(out))
				}
			}
			tr.Broken(ctx, &model.Broken{Ref: Object(d).Ref, Why: "fuzz"})
		}
	})
}
