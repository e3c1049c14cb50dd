package clusters

import (
	"errors"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/netfate/netfate/sim/model"
)

// versionError says that there are objects in a version that nobody reads.
type versionError struct{ t *task }

// Error names the versions.
func (e *versionError) Error() string {
	return fmt.Sprintf("the cluster serves it in version %s only, which is not read", e.t.Version)
}

// fail records that the kind could not be listed, or not to its end.
func (r *result) fail(err error) {
	r.failed = err
	if notFound(err) { // an API that came or went meanwhile, or a server that does not tell what it serves
		r.task.missing = true
		return
	}
	p := model.Problem{Severity: model.Error, Message: "cannot list " + r.task.names() + ": " + reason(err)}
	if loss := r.task.loss(); loss != "" {
		p.Message += "; " + loss
	}
	if r.task.harmless() {
		p.Severity = model.Warning
	}
	p.Hint = r.remedy(err)
	r.problems = append(r.problems, p)
	if r.task.policy {
		r.broken = append(r.broken, model.Broken{Ref: r.task.all(), Why: reason(err)})
	}
}

// reason returns an error in short.
func reason(err error) string {
	text := err.Error()
	if apierrors.IsForbidden(err) {
		if _, after, ok := strings.Cut(text, " is forbidden: "); ok {
			text = after
		}
		return "forbidden (403): " + text
	}
	return text
}

// remedy returns what to do about a kind that could not be listed.
func (r *result) remedy(err error) string {
	t := r.task
	switch {
	case apierrors.IsForbidden(err):
		return "add to a ClusterRole of the user: " + t.rule()
	case errors.As(err, new(*versionError)):
		return "read are: " + strings.Join(t.read, ", ") + "; a newer netfate may read " + t.Version
	}
	return "try again; if it stays, see what \"kubectl get " + t.names() + " -A\" says"
}

// rule returns the rule of a ClusterRole that permits the list.
func (t *task) rule() string {
	return fmt.Sprintf("{apiGroups: [%q], resources: [%q], verbs: [list]}", t.Group, t.Resource)
}

// names returns the kind as kubectl names it: resource and group.
func (t *task) names() string {
	if t.Group == "" {
		return t.Resource
	}
	return t.Resource + "." + t.Group
}

// all stands for every object of the kind.
func (t *task) all() model.Ref {
	k := t.Kind
	k.Version = t.read[0] // whoever reads the kind bounds what it may do
	return model.Ref{APIVersion: k.APIVersion(), Kind: k.Kind, Name: "*"}
}

// harmless tells whether no verdict depends on the objects of the kind.
func (t *task) harmless() bool { return t.Kind.Kind == "ServiceAccount" && !t.policy }

// loss says what is not known without the kind.
func (t *task) loss() string {
	if t.policy {
		return "what these policies allow or deny is undetermined"
	}
	switch t.Kind.Kind {
	case "Namespace":
		return "the labels of namespaces are not known, so namespace selectors may match too little"
	case "Node":
		return "nodes and their addresses are missing"
	case "Pod":
		return "pods are known from their templates only, without addresses, and bare pods are missing"
	case "Service":
		return "Services are missing"
	case "EndpointSlice":
		return "the backends of Services without a selector are missing"
	case "ServiceAccount":
		return "no verdict depends on it"
	}
	return "pods that it creates and that do not exist at the moment are missing, as is what owns pods"
}
