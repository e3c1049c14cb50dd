package inventory

import (
	"testing"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// FuzzBuild builds from arbitrary trees, with and without checks: no panic, and
// every endpoint has what the engine relies on.
func FuzzBuild(f *testing.F) {
	for _, seed := range []string{
		deployment + replicaSet + webPod,
		pods(2),
		"apiVersion: v1\nkind: Pod\nmetadata: []\nspec: x\nstatus: {podIPs: {ip: 1}, conditions: [1, null]}\n",
		"apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [null, {port: -1}, {port: 1e3}], selector: [a], clusterIPs: None}\n",
		"apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c, ownerReferences: [{}, 1]}\nspec: {jobTemplate: null}\n",
		"apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {labels: {kubernetes.io/service-name: s}}\naddressType: IPv4\nendpoints: [{addresses: [1.1.1.1, null]}]\n",
		"apiVersion: v1\nkind: Node\nmetadata: {name: n}\nstatus: {addresses: [{address: 'fe80::1%eth0'}]}\nspec: {podCIDR: x}\n",
		"- kind: Pod\n",
	} {
		f.Add([]byte(seed))
	}
	opt := Options{Decoder: manifest.NewDecoder()}
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, _ := manifest.Parse("fuzz", data, manifest.Limits{MaxBytes: 1 << 16, MaxDepth: 32, MaxNodes: 1 << 12})
		snap := &model.Snapshot{}
		for _, d := range docs {
			if d.Root != nil {
				snap.Objects = append(snap.Objects, objectOf("fuzz", d.Root))
			}
		}
		Build(snap, Options{})
		r := Build(snap, opt)
		for i := range r.Endpoints {
			e := &r.Endpoints[i]
			if e.Name == "" || e.Object == nil || e.Workload.Name == "" || (e.Kind == model.Pod) == (e.Namespace == "") {
				t.Errorf("incomplete: %+v", e)
			}
		}
	})
}
