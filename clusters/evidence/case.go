package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"golang.org/x/tools/txtar"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/replay"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
)

// Case is what is shown to a cluster.
type Case struct {
	Name    string
	Comment string // its first lines, for people
	Objects []*model.Object
	Flows   []observation.Flow
	Left    []string // flows that cannot be probed, and why
	Unread  []string // kinds that netfate does not read yet
}

// Parse reads a case. name is the file's. The error names what is wrong.
func Parse(name string, data []byte) (*Case, error) {
	data, err := again(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	a := txtar.Parse(data)
	c := &Case{Name: strings.TrimSuffix(path.Base(name), ".txtar"), Comment: strings.TrimSpace(string(a.Comment)) + "\n"}
	for _, f := range a.Files {
		var err error
		switch {
		case strings.HasPrefix(f.Name, "manifests/"):
			err = c.manifests(f.Data)
		case f.Name == "questions", f.Name == "flows":
			err = c.flows(string(f.Data))
		default:
			err = errors.New("not for a cluster: want files below manifests/, questions or flows")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", name, f.Name, err)
		}
	}
	if len(c.Objects) == 0 || len(c.Flows) == 0 {
		return nil, fmt.Errorf("%s: it has nothing to probe: want manifests and flows between pods, Services and nodes", name)
	}
	return c, nil
}

// manifests reads objects of every kind, whether or not netfate translates it.
func (c *Case) manifests(data []byte) error {
	known := sim.Kinds()
	d := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(data), 4096)
	for {
		var content map[string]any
		err := d.Decode(&content)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case len(content) == 0:
			continue
		}
		o, err := collect.FromObject(content, "", known)
		if err == nil && o == nil {
			o, err = c.unread(content)
		}
		if err != nil {
			return err
		}
		c.Objects = append(c.Objects, o)
	}
}

// unread takes an object of a kind that is not translated.
func (c *Case) unread(content map[string]any) (*model.Object, error) {
	kind, _ := content["kind"].(string)
	version, _ := content["apiVersion"].(string)
	gv, err := schema.ParseGroupVersion(version)
	if err != nil || kind == "" {
		return nil, fmt.Errorf("%q of %q is no kind", kind, version)
	}
	c.Unread = append(c.Unread, kind)
	meta, _ := content["metadata"].(map[string]any)
	k := policyapi.Kind{Group: gv.Group, Version: gv.Version, Kind: kind, Namespaced: meta["namespace"] != nil}
	o, err := collect.FromObject(content, "", []policyapi.Kind{k})
	if err == nil && o == nil {
		err = fmt.Errorf("%s cannot be read", kind)
	}
	return o, err
}

// flows reads "PROFILES: FROM -> TO PROTOCOL PORT = OUTCOME …" or the flow alone, each once.
func (c *Case) flows(text string) error {
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "#")
		if _, after, ok := strings.Cut(line, ": "); ok {
			line = after
		}
		line, _, _ = strings.Cut(line, " = ")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		f, err := replay.ParseFlow(line + " = denied")
		if err != nil {
			return err
		}
		why := unprobed(f.Flow)
		if key := diff.Text(f.Flow); seen[key] {
			continue
		} else if seen[key] = true; why != "" {
			c.Left = append(c.Left, key+": "+why)
			continue
		}
		c.Flows = append(c.Flows, f.Flow)
	}
	return nil
}

// unprobed says why a flow cannot be probed, "" where it can.
func unprobed(f observation.Flow) string {
	for _, p := range []observation.Party{f.From, f.To} {
		if p.Kind == observation.KindAddress || p.Kind == observation.KindHost || strings.Contains(p.ID, ":") {
			return "an end outside the cluster"
		}
	}
	switch f.Protocol {
	case observation.TCP, observation.UDP, observation.ICMP, observation.ICMPv6:
		return ""
	}
	return "no agent speaks " + f.Protocol
}

// Ports returns the ports that the flows of cases go to, which pods have to serve.
func Ports(cases []*Case) (tcp, udp []uint16) {
	for _, c := range cases {
		for _, f := range c.Flows {
			switch f.Protocol {
			case "TCP":
				tcp = append(tcp, f.Port)
			case "UDP":
				udp = append(udp, f.Port)
			}
		}
	}
	return tcp, udp
}
