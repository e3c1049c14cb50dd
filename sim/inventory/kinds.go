package inventory

import (
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
)

// Kind is a kind of object that inventory reads, with what it reads of it.
type Kind struct {
	policyapi.Kind
	Fields []model.FieldSupport
}

// Kinds lists what inventory reads, by group and kind.
func Kinds() []Kind {
	return []Kind{
		core("Namespace", "namespaces", false, namespaceFields()),
		core("Node", "nodes", false, nodeFields()),
		core("Pod", "pods", true, podFields()),
		core("ReplicationController", "replicationcontrollers", true, templateFields("spec.template", "")),
		core("Service", "services", true, serviceFields()),
		core("ServiceAccount", "serviceaccounts", true, accountFields()),
		kind("apps", "DaemonSet", "daemonsets", templateFields("spec.template", "")),
		kind("apps", "Deployment", "deployments", templateFields("spec.template", "")),
		kind("apps", "ReplicaSet", "replicasets", templateFields("spec.template", "metadata.ownerReferences")),
		kind("apps", "StatefulSet", "statefulsets", templateFields("spec.template", "")),
		kind("batch", "CronJob", "cronjobs", templateFields("spec.jobTemplate.spec.template", "")),
		kind("batch", "Job", "jobs", jobFields()),
		kind("discovery.k8s.io", "EndpointSlice", "endpointslices", sliceFields()),
	}
}

func core(name, resource string, namespaced bool, fields []model.FieldSupport) Kind {
	k := kind("", name, resource, fields)
	k.Namespaced = namespaced
	return k
}

func kind(group, name, resource string, fields []model.FieldSupport) Kind {
	for i := range fields {
		fields[i].Kind = name
	}
	return Kind{
		Kind:   policyapi.Kind{Group: group, Version: "v1", Kind: name, Resource: resource, Namespaced: true},
		Fields: fields,
	}
}
