package plan

import (
	"context"
	"fmt"
	"strings"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
)

// changeSet reads --change and --delete. bad is the error to end with if what
// was read of them is not sound.
func (f *flags) changeSet(ctx context.Context, s *cli.Streams) (out sim.ChangeSet, bad, err error) {
	for _, text := range f.remove {
		ref, err := parseRef(text)
		if err != nil {
			return out, nil, err
		}
		out.Delete = append(out.Delete, ref)
	}
	if len(f.change) == 0 {
		return out, nil, nil
	}
	snap, err := f.source.Read(ctx, s, f.change)
	if err != nil {
		return out, nil, err
	}
	out.Put = snap.Objects
	return out, f.source.ReportSnapshot(s, snap), nil
}

// parseRef reads "Kind/namespace/name", or "Kind/name" for kinds without
// namespaces; kinds are named as kubectl takes them.
func parseRef(text string) (model.Ref, error) {
	parts := strings.Split(text, "/")
	kind, err := findKind(parts[0])
	if err != nil {
		return model.Ref{}, fmt.Errorf("--delete %q: %w", text, err)
	}
	switch {
	case kind.Namespaced && len(parts) == 3:
		return model.Ref{Kind: kind.Kind, Namespace: parts[1], Name: parts[2]}, nil
	case !kind.Namespaced && len(parts) == 2:
		return model.Ref{Kind: kind.Kind, Name: parts[1]}, nil
	case kind.Namespaced:
		return model.Ref{}, fmt.Errorf("--delete %q: want %s/NAMESPACE/NAME", text, kind.Kind)
	}
	return model.Ref{}, fmt.Errorf("--delete %q: want %s/NAME", text, kind.Kind)
}

// findKind finds a kind by its name in any case, its plural or its short name.
func findKind(name string) (policyapi.Kind, error) {
	lower := strings.ToLower(name)
	if long, ok := shortKinds()[lower]; ok {
		lower = long
	}
	var known []string
	for _, k := range sim.Kinds() {
		if lower == strings.ToLower(k.Kind) || lower == k.Resource {
			return k, nil
		}
		known = append(known, k.Kind)
	}
	if near := sim.Nearest(name, known, 1); len(near) > 0 {
		return policyapi.Kind{}, fmt.Errorf("no kind %q is read; did you mean %s?", name, near[0])
	}
	return policyapi.Kind{}, fmt.Errorf("no kind %q is read", name)
}

// shortKinds are kubectl's short names.
func shortKinds() map[string]string {
	return map[string]string{
		"netpol": "networkpolicy", "anp": "adminnetworkpolicy", "banp": "baselineadminnetworkpolicy", "cnp": "clusternetworkpolicy",
		"po": "pod", "deploy": "deployment", "sts": "statefulset", "ds": "daemonset", "rs": "replicaset", "rc": "replicationcontroller",
		"cj": "cronjob", "svc": "service", "ns": "namespace", "no": "node", "sa": "serviceaccount",
	}
}
