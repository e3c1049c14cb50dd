package proxyless

import (
	"slices"
	"strconv"
)

// account is the service account of a pod, nil for the default one.
func account(pod object) object {
	spec, _ := pod["spec"].(object)
	meta, _ := pod["metadata"].(object)
	name, ok := spec["serviceAccountName"]
	if !ok {
		return nil
	}
	return object{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": object{"name": name, "namespace": meta["namespace"]}}
}

// fill gives a pod's container what the lab's workload needs: what Istio's template for gRPC mounts.
func fill(pod object) {
	spec, _ := pod["spec"].(object)
	meta, _ := pod["metadata"].(object)
	annotations, _ := meta["annotations"].(object)
	meshed := annotations["inject.istio.io/templates"] == grpcPod
	list, _ := spec["containers"].([]any)
	if len(list) == 0 {
		return
	}
	c, _ := list[0].(object)
	args := []any{"serve"}
	if !meshed {
		args = append(args, "--plain")
	}
	ports := portsOf(c)
	if len(ports) == 0 {
		ports = []string{"8080"}
	}
	for _, p := range ports {
		args = append(args, p)
	}
	c["args"], c["imagePullPolicy"] = args, "Never"
	c["env"] = []any{
		field("POD_NAME", "metadata.name"), field("POD_NAMESPACE", "metadata.namespace"), field("POD_IP", "status.podIP"),
		field("SERVICE_ACCOUNT", "spec.serviceAccountName"), object{"name": "GRPC_XDS_BOOTSTRAP", "value": "/etc/istio/proxy/grpc-bootstrap.json"},
	}
	spec["tolerations"], spec["terminationGracePeriodSeconds"] = []any{object{"operator": "Exists"}}, int64(0)
	if meshed {
		mount(spec, c)
	}
}

func field(name, path string) object {
	return object{"name": name, "valueFrom": object{"fieldRef": object{"fieldPath": path}}}
}

func mount(spec, container object) {
	container["volumeMounts"] = []any{
		object{"name": "xds", "mountPath": "/etc/istio/proxy"}, object{"name": "token", "mountPath": "/var/run/secrets/tokens"},
		object{"name": "ca", "mountPath": "/var/run/secrets/istio"}, object{"name": "podinfo", "mountPath": "/etc/istio/pod"},
	}
	spec["volumes"] = []any{
		object{"name": "xds", "emptyDir": object{"medium": "Memory"}},
		object{"name": "token", "projected": object{"sources": []any{object{"serviceAccountToken": object{
			"path": "istio-token", "expirationSeconds": tokenTTL, "audience": "istio-ca"}}}}},
		object{"name": "ca", "configMap": object{"name": "istio-ca-root-cert"}},
		object{"name": "podinfo", "downwardAPI": object{"items": []any{object{"path": "labels", "fieldRef": object{"fieldPath": "metadata.labels"}}}}},
	}
}

// portsOf are the container ports of a container.
func portsOf(container object) []string {
	var out []string
	list, _ := container["ports"].([]any)
	for _, p := range list {
		if m, ok := p.(object); ok {
			if n, ok := m["containerPort"].(float64); ok {
				out = append(out, strconv.Itoa(int(n)))
			}
		}
	}
	slices.Sort(out)
	return out
}
