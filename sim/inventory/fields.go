package inventory

import "github.com/netfate/netfate/sim/model"

// Notes of the capability table.
const (
	noBearing    = "no bearing on connectivity"
	hostPortNote = "traffic to the node's address on this port is not led to the pod; reported as a gap"
	sidecarNote  = "taken as declared by the pod; whether policies find them by name depends on the implementation"
	notReadyNote = "a terminating pod counts as not ready; it still serves while no other backend is left"
)

// A path that ends in ".*" stands for every field there that is not listed.

func exact(paths ...string) []model.FieldSupport {
	out := make([]model.FieldSupport, 0, len(paths))
	for _, p := range paths {
		out = append(out, model.FieldSupport{Path: p, Support: model.Exact})
	}
	return out
}

func approximated(path, note string) model.FieldSupport {
	return model.FieldSupport{Path: path, Support: model.Approximated, Note: note}
}

func ignored(note string, paths ...string) []model.FieldSupport {
	out := make([]model.FieldSupport, 0, len(paths))
	for _, p := range paths {
		out = append(out, model.FieldSupport{Path: p, Support: model.Ignored, Note: note})
	}
	return out
}

func join(parts ...[]model.FieldSupport) []model.FieldSupport {
	var out []model.FieldSupport
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// identity are the fields that name an object of any kind.
func identity(namespaced bool) []model.FieldSupport {
	paths := []string{"apiVersion", "kind", "metadata.name"}
	if namespaced {
		paths = append(paths, "metadata.namespace")
	}
	return exact(paths...)
}

// podSpecFields are the fields of a pod's spec at a path.
func podSpecFields(path string) []model.FieldSupport {
	return join(
		exact(path+".hostNetwork", path+".nodeName", path+".serviceAccountName", path+".serviceAccount",
			path+".containers[].ports[].name", path+".containers[].ports[].containerPort", path+".containers[].ports[].protocol"),
		[]model.FieldSupport{
			approximated(path+".containers[].ports[].hostPort", hostPortNote),
			approximated(path+".containers[].ports[].hostIP", hostPortNote),
			approximated(path+".initContainers[].ports", sidecarNote),
		},
		exact(path+".initContainers[].restartPolicy"),
		ignored(noBearing, path+".containers[].*", path+".initContainers[].*", path+".*"))
}

func podFields() []model.FieldSupport {
	return join(
		identity(true),
		exact("metadata.labels", "metadata.generateName", "metadata.ownerReferences"),
		[]model.FieldSupport{approximated("metadata.deletionTimestamp", notReadyNote)},
		ignored(noBearing, "metadata.*"),
		podSpecFields("spec"),
		exact("status.phase", "status.podIP", "status.podIPs", "status.hostIP", "status.hostIPs", "status.conditions"),
		ignored(noBearing, "status.*"))
}

// templateFields are those of a kind that creates pods from the template at a
// path; owner is a further field that is read, "" for none.
func templateFields(path, owner string) []model.FieldSupport {
	fields := identity(true)
	if owner != "" {
		fields = append(fields, exact(owner)...)
	}
	return join(fields,
		ignored(noBearing, "metadata.*"),
		exact(path+".metadata.labels"),
		ignored(noBearing, path+".metadata.*"),
		podSpecFields(path+".spec"),
		ignored("one endpoint stands for all pods of the template, however many", "spec.*"),
		ignored(noBearing, "status.*"))
}

func jobFields() []model.FieldSupport {
	return join(
		templateFields("spec.template", "metadata.ownerReferences"),
		exact("spec.manualSelector", "status.conditions"))
}

func namespaceFields() []model.FieldSupport {
	return join(identity(false), exact("metadata.labels"), ignored(noBearing, "metadata.*", "spec.*", "status.*"))
}

func nodeFields() []model.FieldSupport {
	return join(
		identity(false),
		exact("metadata.labels", "spec.podCIDR", "spec.podCIDRs", "status.addresses"),
		ignored(noBearing, "metadata.*", "spec.*", "status.*"))
}

func accountFields() []model.FieldSupport {
	return join(identity(true),
		ignored("pods name their account; the object adds nothing", "metadata.*", "secrets", "imagePullSecrets", "automountServiceAccountToken"))
}
