package clusters

import (
	"strings"

	"github.com/netfate/netfate/sim/policyapi"
)

// task is one kind to list, with the version to list it in.
type task struct {
	policyapi.Kind          // as it is listed
	read           []string // the versions that are read, in the order of preference
	policy         bool     // not inventory: what is not read of it may allow or deny anything
	other          bool     // the cluster serves it only in a version that is not read
	missing        bool     // the cluster does not serve it at all
}

// plan decides for each kind in which version to list it, in the order of the kinds.
func plan(kinds []policyapi.Kind, s served) []task {
	var out []task
	at := map[[2]string]int{}
	for _, k := range kinds {
		key := [2]string{k.Group, k.Kind}
		i, seen := at[key]
		if !seen {
			i = len(out)
			at[key] = i
			out = append(out, task{Kind: k, policy: !isInventory(k)})
			out[i].missing = true
		}
		t := &out[i]
		t.read = append(t.read, k.Version)
		if t.missing && s.has(k) {
			t.Kind, t.missing = k, false
		}
	}
	for i := range out {
		if t := &out[i]; t.missing {
			if v := s.otherVersion(t.Kind); v != "" {
				t.Version, t.missing, t.other = v, false, true
			}
		}
	}
	return out
}

// has tells whether the cluster serves a kind in its version, as far as is known.
func (s served) has(k policyapi.Kind) bool {
	if s == nil || k.Group == "" {
		return true
	}
	for _, v := range s[k.Group] {
		if v.version == k.Version {
			return v.unknown || v.kinds[k.Resource] == k.Kind
		}
	}
	return false
}

// otherVersion returns the preferred version that the cluster serves a kind in, "" for none.
func (s served) otherVersion(k policyapi.Kind) string {
	for _, v := range s[k.Group] {
		if v.kinds[k.Resource] == k.Kind {
			return v.version
		}
	}
	return ""
}

// path returns where the server lists the kind, in all namespaces.
func (t *task) path() string {
	if t.Group == "" {
		return "/api/" + t.Version + "/" + t.Resource
	}
	return "/apis/" + t.Group + "/" + t.Version + "/" + t.Resource
}

// title names the kind with the versions that are read.
func (t *task) title() string {
	return t.Kind.Kind + " " + strings.Join(t.read, ", ")
}
