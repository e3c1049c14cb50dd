package clusters

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/profile"
)

// enforcer is something that enforces policies on nodes, as it is commonly installed.
type enforcer struct {
	profile    string // name of the profile, "" when there is none
	title      string
	daemonSets []string // names of its DaemonSet
	containers []string // names of the container that enforces
}

// enforcers lists who enforces NetworkPolicy from a DaemonSet. Who is here without a profile makes sure
// that nobody else is taken for the only one.
func enforcers() []enforcer {
	return []enforcer{
		{"cilium", "Cilium", []string{"cilium"}, []string{"cilium-agent"}},
		{"calico", "Calico", []string{"calico-node", "canal", "rke2-canal"}, []string{"calico-node"}},
		{"antrea", "Antrea", []string{"antrea-agent"}, []string{"antrea-agent"}},
		{"ovn-kubernetes", "OVN-Kubernetes", []string{"ovnkube-node"}, []string{"ovnkube-controller", "ovnkube-node", "ovn-controller"}},
		{"kube-network-policies", "kube-network-policies", []string{"kube-network-policies"}, []string{"kube-network-policies"}},
		{"", "kindnet", []string{"kindnet"}, []string{"kindnet-cni"}},
		{"", "kube-router", []string{"kube-router"}, []string{"kube-router"}},
		{"", "Azure Network Policy Manager", []string{"azure-npm"}, []string{"azure-npm"}},
		{"", "the Amazon VPC CNI's policy agent", []string{"aws-node"}, []string{"aws-network-policy-agent", "aws-eks-nodeagent"}},
		{"", "Cilium of GKE Dataplane V2", []string{"anetd"}, []string{"cilium-agent"}},
		{"", "Kube-OVN", []string{"kube-ovn-cni", "ovs-ovn"}, []string{"cni-server", "openvswitch"}},
		{"", "Weave Net", []string{"weave-net"}, []string{"weave-npc"}},
	}
}

// found is an enforcer in a snapshot.
type found struct {
	enforcer
	set   *model.Object
	image string
}

// DetectNetwork says which implementation enforces the policies of the local cluster, from the DaemonSets
// of a snapshot. Network is set only if one implementation is there, netfate has its profile, and the
// version of its image is the one that the profile describes; Origin says how it is known, or why none is
// named though there was something to see. Settings, which are in ConfigMaps, are not read.
func DetectNetwork(s *model.Snapshot) model.Facts {
	all := findEnforcers(s)
	if len(all) == 0 {
		return model.Facts{}
	}
	first := &all[0]
	for i := range all[1:] {
		if other := &all[i+1]; other.title != first.title || tag(other.image) != tag(first.image) {
			return model.Facts{Origin: fmt.Sprintf("no network chosen: %s and %s both may enforce policies", first, other)}
		}
	}
	return first.facts()
}

func findEnforcers(s *model.Snapshot) []found {
	var out []found
	known := enforcers()
	for _, o := range s.Objects {
		if o.Kind != "DaemonSet" || o.Cluster != "" {
			continue
		}
		for _, e := range known {
			if image, ok := e.runs(o); ok {
				out = append(out, found{e, o, image})
			}
		}
	}
	return out
}

// runs tells whether a DaemonSet is the enforcer's, and its image.
func (e *enforcer) runs(o *model.Object) (image string, ok bool) {
	if !slices.Contains(e.daemonSets, o.Name) {
		return "", false
	}
	containers := o.Root.Get("spec").Get("template").Get("spec").Get("containers")
	if containers == nil || containers.Kind != manifest.List {
		return "", false
	}
	for i := range containers.Items {
		if c := &containers.Items[i]; slices.Contains(e.containers, c.Get("name").Str()) {
			return c.Get("image").Str(), true
		}
	}
	return "", false
}

// String names the enforcer with its DaemonSet.
func (f *found) String() string { return f.title + " (" + f.set.Ref.String() + ")" }

// facts returns what the enforcer says of the network.
func (f *found) facts() model.Facts {
	where := fmt.Sprintf("%s runs %s", f.set.Ref, f.image)
	if f.profile == "" {
		return model.Facts{Origin: fmt.Sprintf("no network chosen: %s, and netfate has no profile of %s", where, f.title)}
	}
	version, minor := imageVersion(f.image)
	anyway := fmt.Sprintf("--network %s takes it all the same", f.profile)
	if version == "" {
		return model.Facts{Origin: fmt.Sprintf("no network chosen: %s, which does not tell the version of %s; %s", where, f.title, anyway)}
	}
	if _, err := profile.Parse(f.profile + "@" + minor); err != nil {
		return model.Facts{Origin: fmt.Sprintf("no network chosen: %s, %v; %s", where, err, anyway)}
	}
	name, why := f.variant()
	if name == "" {
		return model.Facts{Origin: fmt.Sprintf("no network chosen: %s, %s; %s", where, why, anyway)}
	}
	return model.Facts{Network: name, Version: version, Origin: where}
}

// variant returns the profile with the settings that the image decides, "" and why where it has none.
func (f *found) variant() (name, why string) {
	if f.profile != "kube-network-policies" {
		return f.profile, ""
	}
	switch t := tag(f.image); { // one image for each set of APIs
	case strings.HasSuffix(t, "-npa-v1alpha2"):
		return f.profile, ""
	case strings.HasSuffix(t, "-npa-v1alpha1"):
		return f.profile + "{npa=v1alpha1}", ""
	}
	return "", "the image without the cluster policies, which the profile takes as enforced"
}

// tag returns the tag of an image, "" when it has none.
func tag(image string) string {
	image, _, _ = strings.Cut(image, "@")
	image = image[strings.LastIndexByte(image, '/')+1:]
	_, t, _ := strings.Cut(image, ":")
	return t
}

// imageVersion reads "v1.20.2-eks.1" as "1.20.2", and its "1.20"; "" for a tag that is no version.
func imageVersion(image string) (version, minor string) {
	t := strings.TrimPrefix(tag(image), "v")
	end := strings.IndexFunc(t, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if end >= 0 {
		if t[end] != '-' && t[end] != '_' {
			return "", ""
		}
		t = t[:end]
	}
	parts := strings.Split(t, ".")
	if len(parts) < 2 || slices.Contains(parts, "") {
		return "", ""
	}
	return t, parts[0] + "." + parts[1]
}
