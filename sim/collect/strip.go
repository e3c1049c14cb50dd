package collect

import (
	"slices"

	"github.com/netfate/netfate/sim/manifest"
)

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// Strip returns an object of a kind without what decides no verdict and may be secret or large: managed
// fields, the last applied configuration, what containers run (env, command, arguments, volumes), and
// the status apart from addresses, phases and readiness. The tree given is not changed.
func Strip(n *manifest.Node, kind string) manifest.Node {
	if n == nil || n.Kind != manifest.Map {
		return manifest.Node{}
	}
	return change(*n, func(key string, v manifest.Node) (manifest.Node, bool) {
		switch key {
		case "metadata":
			return stripMeta(v), true
		case "status":
			v = keepKeys(v, statusKeys(kind)...)
			return change(v, stripConditions), len(v.Items) > 0
		case "spec":
			return stripSpec(v, kind), true
		case "secrets", "imagePullSecrets": // of a ServiceAccount
			return v, kind != "ServiceAccount"
		case "data", "binaryData", "stringData":
			return v, kind != "Secret" && kind != "ConfigMap"
		}
		return v, true
	})
}

// change returns a map with each value as f has it, without those that f does not keep.
func change(n manifest.Node, f func(key string, v manifest.Node) (manifest.Node, bool)) manifest.Node {
	if n.Kind != manifest.Map {
		return n
	}
	out := n
	out.Items = make([]manifest.Node, 0, len(n.Items))
	out.Keys = make([]manifest.Key, 0, len(n.Items))
	for i, k := range n.Keys {
		if v, keep := f(k.Name, n.Items[i]); keep {
			out.Keys = append(out.Keys, k)
			out.Items = append(out.Items, v)
		}
	}
	return out
}

func dropKeys(n manifest.Node, keys ...string) manifest.Node {
	return change(n, func(key string, v manifest.Node) (manifest.Node, bool) { return v, !slices.Contains(keys, key) })
}

func keepKeys(n manifest.Node, keys ...string) manifest.Node {
	return change(n, func(key string, v manifest.Node) (manifest.Node, bool) { return v, slices.Contains(keys, key) })
}

func stripMeta(n manifest.Node) manifest.Node {
	return change(n, func(key string, v manifest.Node) (manifest.Node, bool) {
		if key == "annotations" && v.Get(lastApplied) != nil {
			v = dropKeys(v, lastApplied)
			return v, len(v.Items) > 0
		}
		return v, key != "managedFields"
	})
}

// statusKeys returns the fields of a status that say where an object is and whether it is ready.
func statusKeys(kind string) []string {
	switch kind {
	case "Pod":
		return []string{"phase", "conditions", "podIP", "podIPs", "hostIP", "hostIPs"}
	case "Node":
		return []string{"addresses", "conditions"}
	case "Service":
		return []string{"loadBalancer"}
	case "Namespace":
		return []string{"phase"}
	}
	return nil
}

// stripConditions leaves the condition Ready alone, with its type and status.
func stripConditions(key string, v manifest.Node) (manifest.Node, bool) {
	if key != "conditions" || v.Kind != manifest.List {
		return v, true
	}
	out := v
	out.Items = nil
	for i := range v.Items {
		if v.Items[i].Get("type").Str() == "Ready" {
			out.Items = append(out.Items, keepKeys(v.Items[i], "type", "status"))
		}
	}
	return out, len(out.Items) > 0
}

func stripSpec(n manifest.Node, kind string) manifest.Node {
	switch kind {
	case "Pod":
		return stripPod(n)
	case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job":
		return stripTemplate(dropKeys(n, "volumeClaimTemplates"))
	case "CronJob":
		return change(n, func(key string, v manifest.Node) (manifest.Node, bool) {
			if key == "jobTemplate" {
				v = change(v, func(key string, v manifest.Node) (manifest.Node, bool) {
					if key == "spec" {
						v = stripTemplate(v)
					}
					return v, true
				})
			}
			return v, true
		})
	}
	return n
}

// stripTemplate strips the spec of an object that creates pods.
func stripTemplate(n manifest.Node) manifest.Node {
	return change(n, func(key string, v manifest.Node) (manifest.Node, bool) {
		if key != "template" {
			return v, true
		}
		return change(v, func(key string, v manifest.Node) (manifest.Node, bool) {
			switch key {
			case "metadata":
				v = stripMeta(v)
			case "spec":
				v = stripPod(v)
			}
			return v, true
		}), true
	})
}

// stripPod strips the spec of a pod.
func stripPod(n manifest.Node) manifest.Node {
	return change(n, func(key string, v manifest.Node) (manifest.Node, bool) {
		switch key {
		case "volumes", "imagePullSecrets":
			return v, false
		case "containers", "initContainers", "ephemeralContainers":
			return stripContainers(v), true
		}
		return v, true
	})
}

func stripContainers(n manifest.Node) manifest.Node {
	if n.Kind != manifest.List {
		return n
	}
	out := n
	out.Items = make([]manifest.Node, len(n.Items))
	for i := range n.Items {
		out.Items[i] = change(n.Items[i], func(key string, v manifest.Node) (manifest.Node, bool) {
			switch key {
			case "env", "envFrom", "command", "args", "volumeMounts", "volumeDevices", "lifecycle":
				return v, false
			case "livenessProbe", "readinessProbe", "startupProbe":
				return stripProbe(v), true
			}
			return v, true
		})
	}
	return out
}

// stripProbe leaves of a probe where it connects to, without the headers it sends.
func stripProbe(n manifest.Node) manifest.Node {
	return change(n, func(key string, v manifest.Node) (manifest.Node, bool) {
		if key == "httpGet" {
			v = dropKeys(v, "httpHeaders")
		}
		return v, key != "exec"
	})
}
