package clusters

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim"
)

var update = flag.Bool("update", false, "write docs/rbac.yaml")

const rbacHead = `# What a user or a service account needs so that netfate can read a live cluster: the verb list on the
# kinds it reads, and nothing else. Discovery is permitted to everybody who is logged in.
#
#   kubectl apply -f rbac.yaml
#   kubectl create clusterrolebinding netfate --clusterrole netfate --user jane
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: netfate
rules:
`

// TestClusterRole holds that docs/rbac.yaml permits what is listed, no more and no less; -update writes it.
func TestClusterRole(t *testing.T) {
	const file = "../docs/rbac.yaml"
	want := clusterRole()
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is stale, -update writes it:\n%s", file, want)
	}
}

func clusterRole() string {
	var groups []string
	resources := map[string][]string{}
	for _, k := range sim.Kinds() {
		if k.Only != "" {
			continue
		}
		if !slices.Contains(groups, k.Group) {
			groups = append(groups, k.Group)
		}
		if !slices.Contains(resources[k.Group], k.Resource) {
			resources[k.Group] = append(resources[k.Group], k.Resource)
		}
	}
	var b strings.Builder
	b.WriteString(rbacHead)
	for _, g := range groups {
		fmt.Fprintf(&b, "- apiGroups: [%q]\n  resources: [%s]\n  verbs: [list]\n", g, strings.Join(resources[g], ", "))
	}
	for _, k := range sim.Kinds() {
		if k.Only != "" {
			fmt.Fprintf(&b, "- apiGroups: [%q]\n  resources: [%s]\n  resourceNames: [%s]\n  verbs: [list]\n", k.Group, k.Resource, k.Only)
		}
	}
	return b.String()
}
