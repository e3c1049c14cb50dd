package knp

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"

	"sigs.k8s.io/yaml"
)

// spelling says how manifests are written. However they are, the API server
// makes the same objects of them.
type spelling struct {
	list          bool // one JSON List, as kubectl get prints it; otherwise YAML documents
	leaveDefaults bool // leave out what the API server fills in
	writeEmpty    bool // write empty lists and selectors where nothing would do
}

func randomSpelling(r *rand.Rand) spelling {
	return spelling{list: r.IntN(2) == 0, leaveDefaults: r.IntN(2) == 0, writeEmpty: r.IntN(3) == 0}
}

// manifests returns the objects of the cluster as text.
func (c *cluster) manifests() ([]byte, error) {
	var items []any
	var out bytes.Buffer
	for _, o := range c.objects {
		m, err := toMap(o)
		if err != nil {
			return nil, err
		}
		c.spelling.apply(m)
		if c.spelling.list {
			items = append(items, m)
			continue
		}
		text, err := yaml.Marshal(m)
		if err != nil {
			return nil, err
		}
		out.WriteString("---\n")
		out.Write(text)
	}
	if c.spelling.list {
		return json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": items})
	}
	return out.Bytes(), nil
}

// apply writes one object in this spelling.
func (s spelling) apply(m map[string]any) {
	if meta, ok := m["metadata"].(map[string]any); ok {
		delete(meta, "creationTimestamp")
		if labels, ok := meta["labels"].(map[string]any); ok && m["kind"] == "Namespace" && s.leaveDefaults {
			delete(labels, "kubernetes.io/metadata.name")
		}
	}
	if status, ok := m["status"].(map[string]any); ok && m["kind"] == "Node" {
		m["status"] = map[string]any{"addresses": status["addresses"]}
	}
	spec, ok := m["spec"].(map[string]any)
	if !ok {
		return
	}
	switch m["kind"] {
	case "NetworkPolicy":
		s.networkPolicy(spec)
	case "AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy":
		delete(m, "status")
		unknownPeers(spec)
	case "Pod":
		s.pod(spec)
	}
}

// pod leaves out the protocol of container ports where it is TCP.
func (s spelling) pod(spec map[string]any) {
	if !s.leaveDefaults {
		return
	}
	for _, list := range []string{"containers", "initContainers"} {
		for _, c := range mapsOf(spec[list]) {
			dropTCP(mapsOf(c["ports"]))
		}
	}
}

func (s spelling) networkPolicy(spec map[string]any) {
	for direction, peers := range map[string]string{"ingress": "from", "egress": "to"} {
		for _, rule := range mapsOf(spec[direction]) {
			if s.leaveDefaults {
				dropTCP(mapsOf(rule["ports"]))
			}
			s.empty(rule, "ports")
			s.empty(rule, peers)
		}
		s.empty(spec, direction)
	}
	if !s.leaveDefaults {
		return
	}
	defaults := []any{"Ingress"}
	if len(mapsOf(spec["egress"])) > 0 {
		defaults = append(defaults, "Egress")
	}
	if reflect.DeepEqual(spec["policyTypes"], defaults) {
		delete(spec, "policyTypes")
	}
	if selector, ok := spec["podSelector"].(map[string]any); ok && len(selector) == 0 {
		delete(spec, "podSelector")
	}
}

// empty writes a list that is not there as an empty one.
func (s spelling) empty(m map[string]any, key string) {
	if _, there := m[key]; !there && s.writeEmpty {
		m[key] = []any{}
	}
}

// unknownPeers writes peers without a field, which is how a program sees a field
// that it does not know, with such a field.
func unknownPeers(spec map[string]any) {
	for direction, peers := range map[string]string{"ingress": "from", "egress": "to"} {
		for _, rule := range mapsOf(spec[direction]) {
			for _, peer := range mapsOf(rule[peers]) {
				if len(peer) == 0 {
					peer["serviceAccounts"] = map[string]any{}
				}
			}
		}
	}
}

func dropTCP(ports []map[string]any) {
	for _, p := range ports {
		if p["protocol"] == "TCP" {
			delete(p, "protocol")
		}
	}
}

// mapsOf returns the maps of a list.
func mapsOf(list any) []map[string]any {
	items, _ := list.([]any)
	out := make([]map[string]any, 0, len(items))
	for _, i := range items {
		if m, ok := i.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}
