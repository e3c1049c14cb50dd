package inventory

import (
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// ownerRef names the controller of an object in the same namespace.
type ownerRef struct{ kind, name string }

// controllerOf returns the owner with controller: true; without one, the only
// owner there is.
func controllerOf(meta *manifest.Node) ownerRef {
	refs := items(meta.Get("ownerReferences"))
	for i := range refs {
		if isTrue(refs[i].Get("controller")) || len(refs) == 1 {
			return ownerRef{refs[i].Get("kind").Str(), refs[i].Get("name").Str()}
		}
	}
	return ownerRef{}
}

// ownerKey names a workload in a namespace of a cluster.
type ownerKey struct {
	cluster, namespace string
	ownerRef
}

// owners knows the templates of a snapshot and which of them have pods.
type owners struct {
	templates map[ownerKey]ownerRef // each template object and its controller
	populated map[ownerKey]bool     // controllers of pods, up to the topmost
	last      lastOwner
}

// lastOwner is what was found for the pod before: neighbours mostly have one
// owner.
type lastOwner struct {
	direct, top ownerKey
	hash        string
	populated   bool
}

// newOwners notes the templates among the records and gives every record the
// workload that it is shown as.
func newOwners(all []record) *owners {
	w := &owners{templates: map[ownerKey]ownerRef{}, populated: map[ownerKey]bool{}}
	for i := range all {
		if rec := &all[i]; rec.endpoint.Template && !rec.gone {
			w.templates[ownKey(rec)] = rec.owner
		}
	}
	for i := range all {
		w.show(&all[i])
	}
	return w
}

// ownKey is the key of a record's own object.
func ownKey(rec *record) ownerKey {
	e := rec.endpoint
	return ownerKey{e.Cluster, e.Namespace, ownerRef{e.Object.Kind, e.Name}}
}

// show sets what a record is shown as: its topmost controller, or itself. The
// pods of a node's manifests are owned by the Node and stand for themselves.
func (w *owners) show(rec *record) {
	e := rec.endpoint
	e.Workload = model.Workload{Kind: e.Object.Kind, Name: e.Name}
	if e.Template {
		top := w.top(ownKey(rec))
		e.Workload = model.Workload{Kind: top.kind, Name: top.name}
		return
	}
	if rec.owner.name == "" || rec.owner.kind == "Node" {
		return
	}
	top := w.pod(ownerKey{e.Cluster, e.Namespace, rec.owner}, rec.hash, !rec.gone && !rec.finished)
	e.Workload = model.Workload{Kind: top.kind, Name: top.name}
	if top.kind == "" {
		e.Workload.Kind = e.Object.Kind
	}
}

// pod returns the topmost controller of a pod, and notes that it has pods if
// this one is live.
func (w *owners) pod(direct ownerKey, hash string, live bool) ownerKey {
	if l := &w.last; l.direct != direct || l.hash != hash {
		*l = lastOwner{direct: direct, top: w.top(w.deployment(direct, hash)), hash: hash}
	}
	if live && !w.last.populated {
		w.populated[direct], w.populated[w.last.top] = true, true
		w.last.populated = true
	}
	return w.last.top
}

// top follows ReplicaSets to their Deployments and Jobs to their CronJobs, as
// far as the objects are there to say so.
func (w *owners) top(k ownerKey) ownerKey {
	if k.kind != "ReplicaSet" && k.kind != "Job" {
		return k
	}
	if up := w.templates[k]; up.name != "" && up.kind != "" {
		k.ownerRef = up
	}
	return k
}

// deployment returns the Deployment of a ReplicaSet that is not in the snapshot:
// the one that is, if the ReplicaSet's name is the Deployment's with the pod's
// template hash, as the deployment controller names them.
func (w *owners) deployment(k ownerKey, hash string) ownerKey {
	if _, there := w.templates[k]; there || k.kind != "ReplicaSet" || hash == "" {
		return k
	}
	n := len(k.name) - len(hash) - 1
	if n <= 0 || k.name[n:] != "-"+hash {
		return k
	}
	up := k
	up.ownerRef = ownerRef{"Deployment", k.name[:n]}
	if _, there := w.templates[up]; there {
		return up
	}
	return k
}

// adds tells whether a record is an endpoint of its own. A template is none when
// its pods are in the snapshot, or the controller that made it is.
func (w *owners) adds(rec *record) bool {
	if rec.gone || rec.finished {
		return false
	}
	if !rec.endpoint.Template {
		return true
	}
	own := ownKey(rec)
	top := w.top(own)
	if w.populated[own] || w.populated[top] {
		return false
	}
	_, there := w.templates[top]
	return top == own || !there
}
