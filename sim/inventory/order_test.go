package inventory

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// TestOrder asserts that the answer does not depend on the order of the objects
// nor on how many chunks they are read in.
func TestOrder(t *testing.T) {
	snap := load(t, pods(700)+"---"+deployment+replicaSet+webPod)
	opt := Options{Decoder: manifest.NewDecoder()}
	want := Build(snap, opt)
	sorted := slices.IsSortedFunc(want.Endpoints, func(a, b model.Endpoint) int {
		return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name))
	})
	if !sorted || len(want.Endpoints) != 701 {
		t.Fatalf("%d endpoints", len(want.Endpoints))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, procs := range []int{1, 2, 7} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		rng.Shuffle(len(snap.Objects), func(i, j int) {
			snap.Objects[i], snap.Objects[j] = snap.Objects[j], snap.Objects[i]
		})
		if got := Build(snap, opt); !reflect.DeepEqual(lines(got), lines(want)) {
			t.Errorf("the answer changed with %d processors", procs)
		}
	}
}
