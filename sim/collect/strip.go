package collect

import (
	"slices"

	"github.com/netfate/netfate/sim/manifest"
)

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// Strip returns an object of a kind without what decides no verdict and may be secret or large: managed
// fields, the last applied configuration, what containers run (env, command, arguments, volumes; but for
// a mesh's own containers), and the status apart from addresses, phases and readiness. The tree given is not changed; the result
// shares what stays the same with it.
func Strip(n *manifest.Node, kind string) manifest.Node {
	if n == nil || n.Kind != manifest.Map {
		return manifest.Node{}
	}
	return *strip(n, kind)
}

// strip is Strip for a map.
func strip(n *manifest.Node, kind string) *manifest.Node {
	return change(n, func(key string, v *manifest.Node) *manifest.Node {
		switch key {
		case "metadata":
			return stripMeta(v)
		case "status":
			return stripStatus(v, kind)
		case "spec":
			return stripSpec(v, kind)
		case "secrets", "imagePullSecrets": // of a ServiceAccount
			return unless(kind == "ServiceAccount", v)
		case "data", "binaryData", "stringData":
			if key == "data" && settings(kind, nameOf(n)) && v.Kind == manifest.Map {
				return change(v, func(k string, v *manifest.Node) *manifest.Node { return unless(k != "mesh", v) })
			}
			return unless(kind == "Secret" || kind == "ConfigMap", v)
		}
		return v
	})
}

// settings tells whether an object is the ConfigMap with a mesh's settings, whose
// key "mesh" decides verdicts and holds no secrets.
func settings(kind, name string) bool { return kind == "ConfigMap" && name == "istio" }

func nameOf(n *manifest.Node) string {
	if name := n.Get("metadata").Get("name"); name != nil {
		return name.Value
	}
	return ""
}

// unless returns nothing when the value is to go.
func unless(gone bool, v *manifest.Node) *manifest.Node {
	if gone {
		return nil
	}
	return v
}

// change returns a map with each value as f has it, without those for which f returns nil. Most objects
// have little to strip: what f leaves alone is not copied.
func change(n *manifest.Node, f func(key string, v *manifest.Node) *manifest.Node) *manifest.Node {
	if n.Kind != manifest.Map {
		return n
	}
	out := n
	for i := range n.Items {
		v := f(n.Keys[i].Name, &n.Items[i])
		if out == n {
			if v == &n.Items[i] {
				continue
			}
			out = firstOf(n, i)
		}
		if v != nil {
			out.Keys = append(out.Keys, n.Keys[i])
			out.Items = append(out.Items, *v)
		}
	}
	return out
}

// changeList is change for lists.
func changeList(n *manifest.Node, f func(v *manifest.Node) *manifest.Node) *manifest.Node {
	if n.Kind != manifest.List {
		return n
	}
	out := n
	for i := range n.Items {
		v := f(&n.Items[i])
		if out == n {
			if v == &n.Items[i] {
				continue
			}
			out = firstOf(n, i)
		}
		if v != nil {
			out.Items = append(out.Items, *v)
		}
	}
	return out
}

// firstOf returns a map or list with the first i entries of n and room for the others.
func firstOf(n *manifest.Node, i int) *manifest.Node {
	out := *n
	out.Items = append(make([]manifest.Node, 0, len(n.Items)), n.Items[:i]...)
	if n.Kind == manifest.Map {
		out.Keys = append(make([]manifest.Key, 0, len(n.Keys)), n.Keys[:i]...)
	}
	return &out
}

func dropKeys(n *manifest.Node, keys ...string) *manifest.Node {
	return change(n, func(key string, v *manifest.Node) *manifest.Node { return unless(slices.Contains(keys, key), v) })
}

func keepKeys(n *manifest.Node, keys ...string) *manifest.Node {
	return change(n, func(key string, v *manifest.Node) *manifest.Node { return unless(!slices.Contains(keys, key), v) })
}

func stripMeta(n *manifest.Node) *manifest.Node {
	return change(n, func(key string, v *manifest.Node) *manifest.Node {
		if key == "annotations" && v.Get(lastApplied) != nil {
			v = dropKeys(v, lastApplied)
			return unless(v.Len() == 0, v)
		}
		return unless(key == "managedFields", v)
	})
}

func stripStatus(n *manifest.Node, kind string) *manifest.Node {
	n = keepKeys(n, statusKeys(kind)...)
	if n.Len() == 0 {
		return nil
	}
	return change(n, stripConditions)
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
func stripConditions(key string, v *manifest.Node) *manifest.Node {
	if key != "conditions" || v.Kind != manifest.List {
		return v
	}
	v = changeList(v, func(c *manifest.Node) *manifest.Node {
		if c.Get("type").Str() != "Ready" {
			return nil
		}
		return keepKeys(c, "type", "status")
	})
	return unless(v.Len() == 0, v)
}

func stripSpec(n *manifest.Node, kind string) *manifest.Node {
	switch kind {
	case "Pod":
		return stripPod(n)
	case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job":
		return stripTemplate(dropKeys(n, "volumeClaimTemplates"))
	case "CronJob":
		return within(n, "jobTemplate", func(v *manifest.Node) *manifest.Node { return within(v, "spec", stripTemplate) })
	}
	return n
}

// within returns a map with the value of one key as f has it.
func within(n *manifest.Node, key string, f func(v *manifest.Node) *manifest.Node) *manifest.Node {
	return change(n, func(k string, v *manifest.Node) *manifest.Node {
		if k == key {
			return f(v)
		}
		return v
	})
}

// stripTemplate strips the spec of an object that creates pods.
func stripTemplate(n *manifest.Node) *manifest.Node {
	return within(n, "template", func(v *manifest.Node) *manifest.Node {
		return within(within(v, "metadata", stripMeta), "spec", stripPod)
	})
}

// stripPod strips the spec of a pod.
func stripPod(n *manifest.Node) *manifest.Node {
	return change(n, func(key string, v *manifest.Node) *manifest.Node {
		switch key {
		case "volumes", "imagePullSecrets":
			return nil
		case "containers", "initContainers", "ephemeralContainers":
			return changeList(v, stripContainer)
		}
		return v
	})
}

// stripContainer strips a container. Of a mesh's own, arguments say what is captured and whether it is a
// gateway, and one variable of the environment that the application speaks to the mesh itself.
func stripContainer(n *manifest.Node) *manifest.Node {
	mesh := slices.Contains([]string{"istio-proxy", "istio-init"}, n.Get("name").Str())
	return change(n, func(key string, v *manifest.Node) *manifest.Node {
		switch key {
		case "env":
			return stripEnv(v, mesh)
		case "args":
			return unless(!mesh, v)
		case "envFrom", "command", "volumeMounts", "volumeDevices", "lifecycle":
			return nil
		case "livenessProbe", "readinessProbe", "startupProbe":
			return stripProbe(v)
		}
		return v
	})
}

func stripEnv(n *manifest.Node, mesh bool) *manifest.Node {
	if !mesh {
		return nil
	}
	n = changeList(n, func(v *manifest.Node) *manifest.Node { return unless(v.Get("name").Str() != "ISTIO_META_GENERATOR", v) })
	return unless(n.Len() == 0, n)
}

// stripProbe leaves of a probe where it connects to, without the headers it sends.
func stripProbe(n *manifest.Node) *manifest.Node {
	return change(n, func(key string, v *manifest.Node) *manifest.Node {
		if key == "httpGet" {
			return dropKeys(v, "httpHeaders")
		}
		return unless(key == "exec", v)
	})
}
