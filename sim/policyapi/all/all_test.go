package all_test

import (
	"testing"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/policyapi/all"
	"github.com/netfate/netfate/sim/profile"
)

func TestEachTranslatorIsDescribed(t *testing.T) {
	names, kinds := map[string]bool{}, map[string]bool{}
	for _, tr := range all.All() {
		info := tr.Info()
		if info.Name == "" || info.Title == "" || info.Source == "" || len(info.Kinds) == 0 || len(tr.Fields()) == 0 {
			t.Errorf("%+v is not described", info)
		}
		if names[info.Name] {
			t.Errorf("%s is listed twice", info.Name)
		}
		names[info.Name] = true
		for _, k := range info.Kinds {
			if id := k.APIVersion() + " " + k.Kind; kinds[id] || k.Resource == "" {
				t.Errorf("%s is read twice or has no resource", id)
			} else {
				kinds[id] = true
			}
		}
	}
	for _, p := range profile.All() {
		for api := range p.APIs {
			if !names[api] {
				t.Errorf("%s names the API %s, which no translator reads", p.Name, api)
			}
		}
	}
}

// TestBrokenBounds holds that a document of which nothing is known may do
// anything, in both directions, to any pod.
func TestBrokenBounds(t *testing.T) {
	for _, p := range profile.All() {
		ctx := &policyapi.Context{Profile: p, Decoder: manifest.NewDecoder()}
		for _, tr := range all.All() {
			placed := tr.Broken(ctx, &model.Broken{File: "x.yaml", Line: 3, Why: "not YAML"})
			if len(placed) != 2 || placed[0].Policy.Direction == placed[1].Policy.Direction {
				t.Fatalf("%s: want one policy for each direction, got %d", tr.Info().Name, len(placed))
			}
			for _, q := range placed {
				checkBound(t, tr.Info().Name, q)
			}
		}
	}
}

func checkBound(t *testing.T, name string, q model.Placed) {
	t.Helper()
	p := q.Policy
	if p.Uncertain == nil || p.Uncertain.Kind != model.UnreadInput || p.Subject.Namespace != "" || p.Subject.PodLabels != nil {
		t.Errorf("%s: the bound is too narrow: %+v", name, p)
	}
	may := map[model.Action]bool{}
	for _, r := range p.Rules {
		if !r.AnyPeer || !r.Traffic.Any || r.Uncertain == nil {
			t.Errorf("%s: a rule of the bound is too narrow: %+v", name, r)
		}
		may[r.Action] = true
	}
	deny := may[model.Deny] || p.Unmatched == model.UnmatchedDeny
	if !may[model.Allow] || !deny || q.Tier == model.TierAdmin && !may[model.Pass] {
		t.Errorf("%s: the bound misses an outcome: %+v", name, p)
	}
	if p.Origin.Place() != "x.yaml:3" {
		t.Errorf("%s: the bound's origin is %q", name, p.Origin.Place())
	}
}
