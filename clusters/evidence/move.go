package evidence

import (
	"fmt"
	"regexp"
	"slices"

	"sigs.k8s.io/yaml"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/replay"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
)

// move is what a case has another name for than the cluster.
type move struct {
	addresses map[string]string // of pods and nodes
	nodes     map[string]string
}

// moves compares the pods and nodes of a case with those of the cluster.
func moves(asked, have []*model.Object) *move {
	m := &move{addresses: map[string]string{}, nodes: map[string]string{}}
	live := map[string]*model.Object{}
	var names []string
	for _, o := range have {
		live[o.Kind+" "+o.Namespace+"/"+o.Name] = o
		if o.Kind == "Node" {
			names = append(names, o.Name)
		}
	}
	for _, o := range asked {
		now := live[o.Kind+" "+o.Namespace+"/"+o.Name]
		if o.Kind != "Pod" || now == nil {
			continue
		}
		if a, b := o.Root.At("status", "podIP").Str(), now.Root.At("status", "podIP").Str(); a != "" && b != "" {
			m.addresses[a] = b
		}
		if n := o.Root.At("spec", "nodeName").Str(); n != "" {
			m.nodes[n] = now.Root.At("spec", "nodeName").Str()
		}
	}
	for _, o := range asked {
		if o.Kind != "Node" {
			continue
		}
		if m.nodes[o.Name] == "" { // it has no pod: one that is left
			i := slices.IndexFunc(names, func(n string) bool { return !m.takes(n) })
			if i < 0 {
				continue
			}
			m.nodes[o.Name] = names[i]
		}
		if now := live["Node /"+m.nodes[o.Name]]; now != nil {
			m.addresses[internal(o)] = internal(now)
		}
	}
	return m
}

func (m *move) takes(node string) bool {
	for _, n := range m.nodes {
		if n == node {
			return true
		}
	}
	return false
}

// internal is a node's address.
func internal(o *model.Object) string {
	list := o.Root.At("status", "addresses")
	if list == nil || list.Kind != manifest.List {
		return ""
	}
	for i := range list.Items {
		if list.Items[i].Get("type").Str() == "InternalIP" {
			return list.Items[i].Get("address").Str()
		}
	}
	return ""
}

// objects returns policies with the addresses of the cluster.
func (m *move) objects(list []*model.Object) ([]*model.Object, error) {
	quoted := regexp.MustCompile(`"(\d+\.\d+\.\d+\.\d+)(/\d+)?"`)
	var out []*model.Object
	for _, o := range list {
		text := quoted.ReplaceAllStringFunc(string(o.Root.JSON()), func(s string) string {
			part := quoted.FindStringSubmatch(s)
			if to := m.addresses[part[1]]; to != "" && (part[2] == "" || part[2] == "/32") {
				return `"` + to + part[2] + `"`
			}
			return s
		})
		var content map[string]any
		if err := yaml.Unmarshal([]byte(text), &content); err != nil {
			return nil, fmt.Errorf("%s: %w", o.Ref, err)
		}
		moved, err := collect.FromObject(content, "", []policyapi.Kind{kindOf(o)})
		if err != nil || moved == nil {
			return nil, fmt.Errorf("%s cannot be moved: %w", o.Ref, err)
		}
		out = append(out, moved)
	}
	return out, nil
}

// flows returns flows with the nodes of the cluster. A port of a node other than the
// agent's is replaced by it: what serves there is not ours.
func (m *move) flows(list []observation.Flow, agent uint16) []observation.Flow {
	out := slices.Clone(list)
	for i := range out {
		for _, p := range []*observation.Party{&out[i].From, &out[i].To} {
			if to := m.nodes[p.ID]; p.Kind == observation.KindNode && to != "" {
				p.ID = to
			}
		}
		if out[i].To.Kind == observation.KindNode && agent != 0 && !out[i].Ping() {
			out[i].Port = agent
		}
	}
	seen := map[observation.Flow]bool{}
	return slices.DeleteFunc(out, func(f observation.Flow) bool {
		again := seen[f]
		seen[f] = true
		return again
	})
}

// files writes what the cluster has as manifests: what decides, and nothing else.
func files(have []*model.Object) ([]replay.File, error) {
	text := map[bool]string{}
	for _, o := range have {
		policy := true
		content, ok := o.Root.Any().(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s: it is no object", o.Ref)
		}
		switch o.Kind {
		case "Node", "Namespace", "Pod", "Service":
			policy = false
		}
		out, err := yaml.Marshal(plain(o.Kind, content))
		if err != nil {
			return nil, err
		}
		if text[policy] != "" {
			text[policy] += "---\n"
		}
		text[policy] += string(out)
	}
	list := []replay.File{{Name: "cluster.yaml", Data: text[false]}}
	if text[true] != "" {
		list = append(list, replay.File{Name: "policies.yaml", Data: text[true]})
	}
	return list, nil
}
