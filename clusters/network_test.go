package clusters

import (
	"fmt"
	"testing"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/profile"
)

func daemonSet(name, container, image string) string {
	return fmt.Sprintf(`{"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":%q,"namespace":"kube-system"},"spec":{"selector":{"matchLabels":{"k":%q}},`+
		`"template":{"metadata":{"labels":{"k":%q}},"spec":{"hostNetwork":true,"containers":[{"name":"other","image":"x:v9.9"},{"name":%q,"image":%q,"args":["hush"]}]}}}}`,
		name, name, name, container, image)
}

func TestDetectNetwork(t *testing.T) {
	type sets []string
	calico := daemonSet("calico-node", "calico-node", "docker.io/calico/node:v3.32.1")
	for name, c := range map[string]struct {
		sets                  sets
		network, version, why string
	}{
		"none":          {},
		"calico":        {sets{calico}, "calico", "3.32.1", "DaemonSet kube-system/calico-node runs docker.io/calico/node:v3.32.1"},
		"cilium":        {sets{daemonSet("cilium", "cilium-agent", "quay.io/cilium/cilium:v1.20.0@sha256:00")}, "cilium", "1.20.0", "quay.io"},
		"antrea":        {sets{daemonSet("antrea-agent", "antrea-agent", "reg:5000/antrea-agent-ubuntu:v2.7.0")}, "antrea", "2.7.0", "reg:5000"},
		"knp alpha2":    {sets{daemonSet("kube-network-policies", "kube-network-policies", "k/knp:v1.1.0-npa-v1alpha2")}, "kube-network-policies", "1.1.0", ""},
		"knp alpha1":    {sets{daemonSet("kube-network-policies", "kube-network-policies", "k/knp:v1.1.0-npa-v1alpha1")}, "kube-network-policies{npa=v1alpha1}", "1.1.0", ""},
		"knp plain":     {sets{daemonSet("kube-network-policies", "kube-network-policies", "k/knp:v1.1.0")}, "", "", "without the cluster policies"},
		"old":           {sets{daemonSet("calico-node", "calico-node", "calico/node:v3.28.0")}, "", "", "describes version 3.32; there is none for 3.28; --network calico takes it"},
		"no version":    {sets{daemonSet("cilium", "cilium-agent", "cilium@sha256:00")}, "", "", "does not tell the version of Cilium; --network cilium"},
		"ovn":           {sets{daemonSet("ovnkube-node", "ovnkube-controller", "ovnkube:master")}, "", "", "--network ovn-kubernetes"},
		"no profile":    {sets{daemonSet("kindnet", "kindnet-cni", "docker.io/kindest/kindnetd:v20250512-df8de77b")}, "", "", "netfate has no profile of kindnet"},
		"two":           {sets{calico, daemonSet("kube-router", "kube-router", "x:v2.1.0")}, "", "", "Calico (DaemonSet kube-system/calico-node) and kube-router"},
		"two versions":  {sets{calico, daemonSet("canal", "calico-node", "calico/node:v3.31.0")}, "", "", "both may enforce"},
		"name alone":    {sets{daemonSet("cilium", "web", "cilium:v1.20.2")}, "", "", ""},
		"container":     {sets{daemonSet("web", "cilium-agent", "cilium:v1.20.2")}, "", "", ""},
		"vendor's fork": {sets{daemonSet("anetd", "cilium-agent", "gke/cilium:v1.20.2-gke.3")}, "", "", "no profile of Cilium of GKE"},
		"vendor's tag":  {sets{daemonSet("calico-node", "calico-node", "gke/calico/node:v3.32.0-gke.8")}, "calico", "3.32.0", ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeAPI()
			for _, s := range c.sets {
				f.add(t, s)
			}
			o, note := f.start(t), ""
			o.Note = func(text string) { note = text }
			got := collected(t, o).Facts
			has(t, note, got.Origin, got.Network)
			if got.Network != c.network || got.Version != c.version {
				t.Errorf("got %+v", got)
			}
			has(t, got.Origin, c.why)
			if got.Network != "" {
				if _, err := profile.Parse(got.Network); err != nil {
					t.Error(err)
				}
			} else if (got == model.Facts{}) != (c.why == "") {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestEnforcersHaveProfiles(t *testing.T) {
	for _, e := range enforcers() {
		if e.profile == "" {
			continue
		}
		if _, err := profile.Get(e.profile); err != nil {
			t.Error(err)
		}
	}
}

func TestImageVersion(t *testing.T) {
	for image, want := range map[string][2]string{
		"a:v1.2.3": {"1.2.3", "1.2"}, "a:1.2": {"1.2", "1.2"}, "h:5/a": {}, "h:5/a:v1.2.3-rc.1@sha256:1": {"1.2.3", "1.2"},
		"a": {}, "a:latest": {}, "a:v1": {}, "a:v1..2": {}, "a:v1.2rc1": {}, "a:2025-01-02": {}, "a:v1.": {},
	} {
		if v, m := imageVersion(image); v != want[0] || m != want[1] {
			t.Errorf("%s: %q, %q", image, v, m)
		}
	}
}
