package inventory_test

import (
	"testing"

	"github.com/netfate/netfate/sim/inventory"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

func TestExpandStatefulSets(t *testing.T) {
	for spec, want := range map[string][]string{
		"{replicas: 3}":                        {"db-0", "db-1", "db-2"},
		"{}":                                   {"db-0"},
		"{replicas: 2, ordinals: {start: 5}}":  {"db-5", "db-6"},
		"{replicas: 0}":                        {"db"},
		"{replicas: 5000}":                     {"db"},
		"{replicas: 2, ordinals: {start: -1}}": {"db"},
	} {
		docs, errs := manifest.Parse("x.yaml", []byte("spec: "+spec), manifest.DefaultLimits())
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		e := model.Endpoint{Name: "db", Template: true, Workload: model.Workload{Kind: "StatefulSet", Name: "db"},
			Labels: model.NewLabels(map[string]string{"app": "db"}), Object: &model.Object{Root: docs[0].Root}}
		other := model.Endpoint{Name: "web", Template: true, Workload: model.Workload{Kind: "Deployment", Name: "web"}}
		got := inventory.ExpandStatefulSets([]model.Endpoint{e, other})
		if len(got) != len(want)+1 || got[len(want)].Name != "web" {
			t.Errorf("%s: %v", spec, got)
			continue
		}
		for i, name := range want {
			label, ok := got[i].Labels.Get("statefulset.kubernetes.io/pod-name")
			if got[i].Name != name || ok == (name == "db") || ok && label != name {
				t.Errorf("%s: pod %d is %s with labels %s, want %s", spec, i, got[i].Name, got[i].Labels, name)
			}
		}
	}
}
