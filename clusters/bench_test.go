package clusters

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/model"
)

// livePod is a pod as an API server returns it: managed fields, environment and status included.
func livePod(i int) string {
	managed := strings.Repeat(`{"manager":"kubelet","operation":"Update","apiVersion":"v1","time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:status":{"f:conditions":{"k:{\"type\":\"Ready\"}":{".":{},"f:lastProbeTime":{},"f:status":{}}}}},"subresource":"status"},`, 4)
	env := strings.Repeat(`{"name":"SOME_VARIABLE","value":"some rather long value of it"},`, 20)
	return fmt.Sprintf(`{"apiVersion":"v1","kind":"Pod","metadata":{"name":"app-%05d","namespace":"ns%02d","uid":"u","labels":{"app":"app%d","pod-template-hash":"7d4b9c"},`+
		`"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"app%d-7d4b9c","uid":"u","controller":true}],"managedFields":[%s]},`+
		`"spec":{"nodeName":"n%d","serviceAccountName":"default","containers":[{"name":"main","image":"registry.example/app:1.2.3","env":[%s],"ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}],"resources":{"limits":{"cpu":"1","memory":"1Gi"}}}],"volumes":[{"name":"token","projected":{"sources":[{"serviceAccountToken":{"path":"token"}}]}}],"tolerations":[{"key":"a","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}]},`+
		`"status":{"phase":"Running","podIP":"10.1.%d.%d","podIPs":[{"ip":"10.1.%d.%d"}],"hostIP":"10.0.0.1","conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"},{"type":"Initialized","status":"True"}],"containerStatuses":[{"name":"main","ready":true,"restartCount":0,"image":"registry.example/app:1.2.3","imageID":"sha256:0","state":{"running":{"startedAt":"2026-01-01T00:00:00Z"}}}]}}`,
		i, i%50, i%500, i%500, strings.TrimSuffix(managed, ","), i%20, strings.TrimSuffix(env, ","), i/256, i%256, i/256, i%256)
}

// BenchmarkCollect lists 5,000 pods of 3.8 KiB in pages of 500 from a server in the same process.
func BenchmarkCollect(b *testing.B) {
	f, size := newFakeAPI(), 0
	for i := range 5000 {
		pod := livePod(i)
		size += len(pod)
		f.add(b, pod)
	}
	o := f.start(b)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	var s *model.Snapshot
	for b.Loop() {
		if s = collected(b, o); len(s.Objects) != 5000 {
			b.Fatal(describe(s))
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(retained(&s))/(1<<20), "MiB-kept")
}

// retained returns what a snapshot keeps in memory.
func retained(s **model.Snapshot) uint64 {
	var with, without runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&with)
	*s = nil
	runtime.GC()
	runtime.ReadMemStats(&without)
	return with.HeapAlloc - without.HeapAlloc
}
