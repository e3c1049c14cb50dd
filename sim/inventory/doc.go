// Package inventory reads who can talk from the objects of a snapshot: the
// namespaces, the endpoints (pods, pods that templates will create, nodes) and
// the Services with their backends.
//
// [Build] reads each object straight from its positioned tree, in parallel
// chunks whose results are joined in the order of the objects, so that the
// answer is the same on every run. The steps, one file each:
//
//	build.go       objects by kind (roles.go), chunks (parallel.go), joining
//	workload.go    one Pod, template.go: one workload object, into an endpoint
//	podspec.go     what pods and templates share: ports, account, host network
//	owners.go      what a pod is shown as, and which templates add an endpoint
//	nodes.go       Node objects
//	namespaces.go  Namespace objects and namespaces that are only named
//	services.go    Services; slices.go: backends of those without a selector
//	families.go    which IP families the cluster may use
//	check.go       unknown fields; validate.go: what the API server would refuse
//	order.go       the order of everything, and objects that are there twice
//	kinds.go       which kinds and fields are read: the capability table
//
// Rules come from the Kubernetes API reference (k8s.io/api v0.36) and, where it
// is silent, from the controllers that act on it; each rule names its source.
package inventory
