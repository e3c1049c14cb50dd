package istio

import (
	"bytes"
	"fmt"

	"sigs.k8s.io/yaml"
)

// meshState is all that decides verdicts.
type meshState struct {
	settings map[string]any // the mesh's
	objects  []any          // Istio's, as maps
	pods     []pod
	services []service
}

// with returns the mesh with other objects.
func (m *meshState) with(objects []any) *meshState {
	out := *m
	out.objects = objects
	return &out
}

// pod is a workload. Those of the namespace plain have no sidecar.
type pod struct {
	namespace, name, address string
	labels                   map[string]string
	gateway                  bool // its proxy is the gateway's
}

const plainNamespace = "plain"

func (p *pod) id() string    { return p.namespace + "/" + p.name }
func (p *pod) sidecar() bool { return p.namespace != plainNamespace && !p.gateway }

// service stands before the pods of its namespace with its label app.
type service struct {
	namespace, name, address string
	ports                    []port
}

func (s *service) host() string { return s.name + "." + s.namespace + ".svc.cluster.local" }

// port is a port of a Service.
type port struct {
	name        string
	number      int
	target      int
	appProtocol string
}

// rootNamespace is the mesh's.
func (m *meshState) rootNamespace() string {
	if ns, ok := m.settings["rootNamespace"].(string); ok {
		return ns
	}
	return "istio-system"
}

// trustDomain is the mesh's.
func (m *meshState) trustDomain() string {
	if td, ok := m.settings["trustDomain"].(string); ok {
		return td
	}
	return "cluster.local"
}

func (m *meshState) pod(id string) *pod {
	for i := range m.pods {
		if m.pods[i].id() == id {
			return &m.pods[i]
		}
	}
	return nil
}

// service returns the Service before a pod.
func (m *meshState) service(p *pod) *service {
	for i := range m.services {
		if m.services[i].namespace == p.namespace && m.services[i].name == p.labels["app"] {
			return &m.services[i]
		}
	}
	return nil
}

// manifests are the mesh as people write it.
func (m *meshState) manifests() ([]byte, error) {
	var docs []any
	settings, err := yaml.Marshal(m.settings)
	if err != nil {
		return nil, err
	}
	docs = append(docs, object("v1", "ConfigMap", "istio-system", "istio", "data", map[string]any{"mesh": string(settings)}))
	for _, ns := range []string{"t", "dev", plainNamespace} {
		o := object("v1", "Namespace", "", ns, "", nil)
		if ns != plainNamespace {
			o["metadata"].(map[string]any)["labels"] = map[string]any{"istio-injection": "enabled"} //nolint:forcetypeassert // made in this function
		}
		docs = append(docs, o)
	}
	for i := range m.pods {
		docs = append(docs, m.pods[i].manifest())
	}
	for i := range m.services {
		docs = append(docs, m.services[i].manifest())
	}
	text, err := join(append(docs, m.objects...))
	return append(text, gatewayManifests...), err
}

// join writes YAML documents.
func join(docs []any) ([]byte, error) {
	var out bytes.Buffer
	for _, d := range docs {
		text, err := yaml.Marshal(d)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&out, "---\n%s", text)
	}
	return out.Bytes(), nil
}

// object is an object with one field beside its metadata.
func object(apiVersion, kind, namespace, name, field string, value any) map[string]any {
	meta := map[string]any{"name": name}
	if namespace != "" {
		meta["namespace"] = namespace
	}
	out := map[string]any{"apiVersion": apiVersion, "kind": kind, "metadata": meta}
	if field != "" {
		out[field] = value
	}
	return out
}

func (p *pod) manifest() any {
	container := map[string]any{"name": "app", "image": "app"}
	if p.gateway {
		container = map[string]any{"name": "istio-proxy", "image": "proxyv2", "args": []any{"proxy", "router"}}
	}
	o := object("v1", "Pod", p.namespace, p.name, "spec", map[string]any{"serviceAccountName": p.name, "containers": []any{container}})
	o["metadata"].(map[string]any)["labels"] = p.labels //nolint:forcetypeassert // made by object
	o["status"] = map[string]any{"podIP": p.address, "podIPs": []any{map[string]any{"ip": p.address}}, "phase": "Running"}
	return o
}

func (s *service) manifest() any {
	var ports []any
	for _, p := range s.ports {
		x := map[string]any{"name": p.name, "port": p.number, "targetPort": p.target}
		if p.appProtocol != "" {
			x["appProtocol"] = p.appProtocol
		}
		ports = append(ports, x)
	}
	return object("v1", "Service", s.namespace, s.name, "spec", map[string]any{
		"clusterIP": s.address, "selector": map[string]any{"app": s.name}, "ports": ports})
}
