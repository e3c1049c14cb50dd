package istio

import (
	_ "embed"
	"path/filepath"

	"github.com/netfate/netfate/clusters/install"
)

// What the offline lab builds (clusters/lab/istio/go.mod): a state of the branch of
// Istio 1.31, and workloads with grpc-go.
const (
	labVersion = "1.31"
	labModule  = "v0.0.0-20260827124520-eed52ebb66ad"
	labGRPC    = "v1.82.1"
)

//go:embed lab.yaml
var lab []byte

// fromLab returns istiod of the lab with Istio's definitions, and the image of the
// lab's gRPC workload beside its own: nothing pulls it.
func fromLab(dir, _ string) ([]install.Source, []string) {
	return []install.Source{
		{Name: "istio-crds.yaml", File: filepath.Join(dir, "manifests", "istio-crds.yaml")},
		{Name: "istiod.yaml", Data: lab},
	}, []string{filepath.Join(dir, "img", "istiod.tar"), filepath.Join(dir, "img", "workload.tar")}
}
