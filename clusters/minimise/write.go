package minimise

import (
	"bytes"
	"fmt"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/replay"
	"github.com/netfate/netfate/sim/model"
)

// Manifests writes objects as YAML documents, cluster first, policies after.
func Manifests(objects []*model.Object) ([]byte, error) {
	var b bytes.Buffer
	for _, policies := range []bool{false, true} {
		for _, o := range objects {
			if isPolicy(o) != policies {
				continue
			}
			text, err := yaml.JSONToYAML(o.Root.JSON())
			if err != nil {
				return nil, fmt.Errorf("%s: %w", o.Ref, err)
			}
			if b.Len() > 0 {
				b.WriteString("---\n")
			}
			b.Write(text)
		}
	}
	return b.Bytes(), nil
}

// Feature writes the disagreement as a specification of what was observed, which
// fails until the profile says the same. manifests is where it finds them.
func (r *Result) Feature(h observation.Header, manifests string) string {
	verb := "can"
	if r.Observed == model.Denied {
		verb = "cannot"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Feature: what %s does, and netfate does not predict\n", engine(h, r.Network))
	fmt.Fprintf(&b, "  # %s\n  # observed %s, predicted %s", where(h), r.Observed, r.Predicted)
	if r.Rule != "" {
		fmt.Fprintf(&b, " by %s", r.Rule)
	}
	fmt.Fprintf(&b, "\n\n  Scenario: %s\n    Given the manifests in %q\n    And the network is %q\n", diff.Text(r.Flow), manifests, r.Network)
	fmt.Fprintf(&b, "    Then %s %s reach %s on %s\n", subject(r.Flow.From), verb, subject(r.Flow.To), diff.PortText(r.Flow))
	return b.String()
}

// Files returns the files of the disagreement by name: the feature, its manifests
// and the case, all of them beginning with base.
func (r *Result) Files(h observation.Header, base string) (map[string]string, error) {
	text, err := Manifests(r.Objects)
	if err != nil {
		return nil, err
	}
	c, err := r.Case(h)
	if err != nil {
		return nil, err
	}
	return map[string]string{
		base + ".feature": r.Feature(h, base+".yaml"), base + ".yaml": string(text), base + ".txtar": c.Format(),
	}, nil
}

// Case returns the disagreement as a case for the recorded observations.
func (r *Result) Case(h observation.Header) (*replay.Case, error) {
	text, err := Manifests(r.Objects)
	if err != nil {
		return nil, err
	}
	c := &replay.Case{
		Comment: fmt.Sprintf("Minimised from a disagreement: %s was predicted %s and observed %s.\n", diff.Text(r.Flow), r.Predicted, r.Observed),
		Run:     replay.RunOf(h, r.Network),
		Flows:   []replay.Flow{{Flow: r.Flow, Outcome: r.Observed}},
	}
	c.Manifests = append(c.Manifests, replay.File{Name: "case.yaml", Data: string(text)})
	return c, nil
}

// engine names what was observed.
func engine(h observation.Header, network string) string {
	if h.Cluster.Network == "" {
		return network
	}
	return strings.TrimSpace(h.Cluster.Network + " " + h.Cluster.NetworkVersion)
}

// where says when and on what the flow was observed.
func where(h observation.Header) string {
	text := "Kubernetes " + h.Cluster.Kubernetes
	if h.Cluster.Provider != "" {
		text += ", " + h.Cluster.Provider
	}
	if !h.Started.IsZero() {
		text += ", " + h.Started.UTC().Format("2006-01-02")
	}
	return text
}

// subject names an end as a feature does.
func subject(p observation.Party) string {
	switch p.Kind {
	case "pod":
		return fmt.Sprintf("pod %q", p.ID)
	case "node", "service", "host":
		return fmt.Sprintf("%s %q", p.Kind, p.ID)
	}
	return fmt.Sprintf("address %q", diff.Name(p))
}
