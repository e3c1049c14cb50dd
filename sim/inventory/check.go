package inventory

import (
	"reflect"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// check compares the object with its official type, without building a value of
// it. A field of the wrong type is refused by the API server. An unknown field is
// reported and has no effect: the API server drops it.
func (r *reader) check() {
	t := typeOf(r.o)
	if r.opt.Decoder == nil || t == nil {
		return
	}
	// Lenient marks unknown fields, which tells them from fields of a wrong type.
	for _, e := range r.opt.Decoder.Validate(r.o.File, r.o.Root, t, manifest.DecodeOptions{Lenient: true}) {
		p := model.Problem{
			Severity: model.Error, File: e.File, Line: e.Line, Col: e.Col, Object: r.o.Ref,
			Field: e.Path, Message: e.Msg, Hint: e.Hint, Rejected: !e.Warning,
		}
		if e.Warning && (r.opt.Lenient || r.o.Live()) {
			p.Severity = model.Warning
		}
		r.problems = append(r.problems, p)
		r.rejected = r.rejected || p.Rejected
	}
}

// typeOf returns the Go type of an object that inventory reads.
func typeOf(o *model.Object) reflect.Type {
	switch o.Kind {
	case "Pod":
		return reflect.TypeFor[corev1.Pod]()
	case "Deployment":
		return reflect.TypeFor[appsv1.Deployment]()
	case "StatefulSet":
		return reflect.TypeFor[appsv1.StatefulSet]()
	case "DaemonSet":
		return reflect.TypeFor[appsv1.DaemonSet]()
	case "ReplicaSet":
		return reflect.TypeFor[appsv1.ReplicaSet]()
	case "ReplicationController":
		return reflect.TypeFor[corev1.ReplicationController]()
	case "Job":
		return reflect.TypeFor[batchv1.Job]()
	case "CronJob":
		return reflect.TypeFor[batchv1.CronJob]()
	case "Service":
		return reflect.TypeFor[corev1.Service]()
	case "EndpointSlice":
		return reflect.TypeFor[discoveryv1.EndpointSlice]()
	case "Node":
		return reflect.TypeFor[corev1.Node]()
	case "Namespace":
		return reflect.TypeFor[corev1.Namespace]()
	case "ServiceAccount":
		return reflect.TypeFor[corev1.ServiceAccount]()
	}
	return nil
}
