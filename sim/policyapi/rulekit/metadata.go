package rulekit

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/netfate/netfate/sim/manifest"
)

// checkMetadata repeats the API server's checks of metadata that a manifest may
// fail: the name, the namespace, labels and annotations.
func (r *Reader) checkMetadata(at At) {
	if at.node == nil {
		r.Reject(r.Root(), "metadata.name: Required value: name or generateName is required", "")
		return
	}
	for i := range at.node.Keys {
		k := &at.node.Keys[i]
		if !knownMetadata(k.Name) {
			place := At{object: r.Object, path: "metadata." + k.Name, line: k.Line, col: k.Col}
			r.unknownField(place, "unknown field", "")
		}
	}
	r.checkName(at)
	if labels := at.Key("labels"); labels.node != nil {
		r.checkLabels(labels)
	}
}

// checkName checks metadata.name, which must be a DNS subdomain.
func (r *Reader) checkName(at At) {
	name := at.Key("name")
	if !name.Exists() || name.node.Value == "" {
		if !at.Has("generateName") {
			r.Reject(at, "name: Required value: name or generateName is required", "")
		}
		return
	}
	if plainName(name.node.Value) {
		return
	}
	for _, msg := range validation.IsDNS1123Subdomain(name.node.Value) {
		r.Refuse(name, invalid(name.node.Value, msg), "the name were valid")
	}
}

// checkLabels checks a map of labels.
func (r *Reader) checkLabels(at At) {
	for i := range at.node.Keys {
		key, value := at.node.Keys[i].Name, &at.node.Items[i]
		if value.Kind != manifest.String && value.Kind != manifest.Null {
			r.Reject(at.step(value, manifest.JoinKey(at.path, key)), "labels must be strings", "put the value in quotes")
			continue
		}
		if msg := labelKeyError(key); msg != "" {
			r.Reject(at.step(value, manifest.JoinKey(at.path, key)), invalid(key, msg), "")
		}
		if msg := labelValueError(value.Value); msg != "" {
			r.Reject(at.step(value, manifest.JoinKey(at.path, key)), invalid(value.Value, msg), "")
		}
	}
}

// knownMetadata tells whether ObjectMeta has a field of that name.
func knownMetadata(key string) bool {
	switch key {
	case "name", "generateName", "namespace", "labels", "annotations", "uid", "resourceVersion",
		"generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
		"ownerReferences", "finalizers", "managedFields", "selfLink", "clusterName":
		return true
	}
	return false
}

// plainName accepts most names that are DNS subdomains, fast.
func plainName(s string) bool {
	if len(s) > 63 {
		return false
	}
	edge := true // at the start of a label, where no hyphen may stand
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			edge = false
		case c == '.':
			if edge || s[i-1] == '-' {
				return false
			}
			edge = true
		case c != '-' || edge:
			return false
		}
	}
	return !edge && s[len(s)-1] != '-'
}

// invalid is the API server's way to say that a value is wrong.
func invalid(value, why string) string {
	return "Invalid value: \"" + strings.ToValidUTF8(value, "�") + "\": " + why
}
