package clusters

import (
	"time"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/policyapi"
)

// InCluster is the name of the context that stands for the cluster that this process runs in, unless the
// kubeconfig has a context of that name.
const InCluster = "in-cluster"

// The defaults of Options.
const (
	defaultPageSize = 500
	defaultTimeout  = 30 * time.Second
)

// parallelLists is how many kinds are listed at a time: enough to hide the latency of a distant cluster,
// few enough for the server's fairness and for memory.
const parallelLists = 4

// Options say which cluster to read and how.
type Options struct {
	// Kubeconfig is the file to use, instead of those that $KUBECONFIG names or ~/.kube/config.
	Kubeconfig string
	// Context is the context of the kubeconfig, its current one when empty. Without any kubeconfig, or
	// with InCluster, the service account of the pod that this runs in is used.
	Context string
	// Kinds are those to list, sim.Kinds when nil. Of a kind in several versions the first one that the
	// cluster serves is listed.
	Kinds []policyapi.Kind
	// PageSize is how many objects to ask for at a time, 500 when zero.
	PageSize int64
	// Timeout is how long the cluster may be silent in the middle of a request, 30 s when zero.
	Timeout time.Duration
	// Progress, when set, is told after each page. Calls do not overlap.
	Progress func(Progress)
	// Note, when set, is told what is worth knowing and needs no action. Calls do not overlap.
	Note func(text string)
}

// Progress is how far a collection has come.
type Progress struct {
	Kinds, Done int // kinds that are listed and kinds that are finished
	Objects     int // objects read
}

func (o Options) withDefaults() Options {
	if o.Kinds == nil {
		o.Kinds = sim.Kinds()
	}
	if o.PageSize <= 0 {
		o.PageSize = defaultPageSize
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	return o
}

// isInventory tells whether a kind says who can talk, not what is permitted.
func isInventory(k policyapi.Kind) bool {
	for _, i := range collect.InventoryKinds() {
		if i.Group == k.Group && i.Kind == k.Kind {
			return true
		}
	}
	return false
}
