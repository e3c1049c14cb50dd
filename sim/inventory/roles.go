package inventory

import "github.com/netfate/netfate/sim/model"

// role says what reads an object.
type role uint8

const (
	roleNone role = iota
	rolePod
	roleTemplate
	roleNode
	roleService
	roleSlice
	roleNamespace
	roleAccount
)

// roleOf returns what reads an object of this kind and version.
func roleOf(o *model.Object) role {
	switch o.APIVersion {
	case "v1":
		return coreRole(o.Kind)
	case "apps/v1":
		switch o.Kind {
		case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet":
			return roleTemplate
		}
	case "batch/v1":
		switch o.Kind {
		case "Job", "CronJob":
			return roleTemplate
		}
	case "discovery.k8s.io/v1":
		if o.Kind == "EndpointSlice" {
			return roleSlice
		}
	}
	return roleNone
}

func coreRole(kind string) role {
	switch kind {
	case "Pod":
		return rolePod
	case "ReplicationController":
		return roleTemplate
	case "Node":
		return roleNode
	case "Service":
		return roleService
	case "Namespace":
		return roleNamespace
	case "ServiceAccount":
		return roleAccount
	}
	return roleNone
}

// namespaced tells whether objects of the role live in a namespace.
func (r role) namespaced() bool {
	switch r {
	case rolePod, roleTemplate, roleService, roleSlice, roleAccount:
		return true
	}
	return false
}
