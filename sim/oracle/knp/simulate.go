package knp

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

// profileOf returns the profile of the engine that a cluster runs.
func (c *cluster) profileOf() string {
	if c.plugin == pluginV1alpha1 {
		return "kube-network-policies{npa=v1alpha1}"
	}
	return "kube-network-policies"
}

// neutral is the profile of the API's text.
const neutral = "kubernetes"

// load reads the cluster's manifests as netfate's commands do.
func load(c *cluster) (*model.Snapshot, error) {
	text, err := c.manifests()
	if err != nil {
		return nil, err
	}
	return sim.Load(context.Background(), collect.Options{Sources: []string{"-"}, Stdin: bytes.NewReader(text)})
}

// simulate compiles a snapshot under a profile. All objects are valid, so any
// error about them is an error of netfate.
func simulate(snap *model.Snapshot, profile string) (*sim.Simulator, error) {
	// A peer of a newer API is what Lenient is for (row N40).
	s, err := sim.New(snap, sim.Options{Network: profile, Lenient: true})
	if err != nil {
		return nil, err
	}
	for _, p := range s.Problems() {
		if p.Severity == model.Error {
			return nil, fmt.Errorf("netfate refuses a valid object: %w", p)
		}
	}
	return s, nil
}

// ask returns netfate's verdict of a flow, and where that is undetermined why.
func ask(s *sim.Simulator, f flow) (model.Verdict, error) {
	from, err := resolve(s, f.srcName, f.src.String())
	if err != nil {
		return model.Verdict{}, err
	}
	to, err := resolve(s, f.dstName, f.dst.String())
	if err != nil {
		return model.Verdict{}, err
	}
	protocol, port := f.protocolPort()
	return s.Verdict(model.Flow{
		From: from, To: to, Protocol: protocol, Port: port, Families: []algebra.Family{f.family()},
	}), nil
}

func resolve(s *sim.Simulator, name, addr string) (model.Party, error) {
	if name == "" {
		name = addr
	}
	subject, err := s.Resolve(name)
	if err != nil {
		return model.Party{}, err
	}
	if len(subject.Parties) != 1 {
		return model.Party{}, fmt.Errorf("%q is %d parties", name, len(subject.Parties))
	}
	return subject.Parties[0], nil
}

// hostUnknown is the reason of a flow to a name where addresses matter.
const hostUnknown = "addresses of a host name"

// reasons names why a verdict is undetermined: rows of the divergence table, or texts.
func reasons(v *model.Verdict) []string {
	var out []string
	for _, r := range v.Reasons {
		name := r.Row
		switch {
		case strings.HasPrefix(r.Text, "the addresses of ") && strings.HasSuffix(r.Text, " are not known"):
			name = hostUnknown
		case name == "":
			name = r.Text
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
