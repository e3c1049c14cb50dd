package inventory

import (
	"slices"
	"strconv"
	"strings"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

func quote(s string) string { return strconv.Quote(s) }

// checkMeta rejects an object without a valid name or namespace.
func (r *reader) checkMeta(meta *manifest.Node, valid func(string) bool) {
	switch name := r.o.Name; {
	case name == "" && meta.Get("generateName").Str() == "":
		r.reject("metadata.name", "required", "")
	case name != "" && !valid(name):
		r.reject("metadata.name", "not a valid name: "+quote(name), "lower case letters, digits and -")
	}
	if ns := r.o.Namespace; ns != "" && !labelName(ns) {
		r.reject("metadata.namespace", "not a valid namespace: "+quote(ns), "lower case letters, digits and -")
	}
}

// labels appends the labels of a map, sorted, and rejects what no label may be
// (k8s.io/apimachinery/pkg/apis/meta/v1/validation.ValidateLabels).
func (r *reader) labels(dst []model.Label, n *manifest.Node, path string) []model.Label {
	if n == nil || n.Kind != manifest.Map {
		return dst
	}
	for i := range n.Keys {
		l := model.Label{Key: n.Keys[i].Name, Value: n.Items[i].Str()}
		at := func() string { return manifest.JoinKey(path, l.Key) }
		if !labelKey(l.Key) {
			r.reject(at(), "not a label key: "+quote(l.Key), "an optional DNS prefix and /, then at most 63 letters, digits, -, _ and .")
		}
		if !labelValue(l.Value) {
			r.reject(at(), "not a label value: "+quote(l.Value), "at most 63 letters, digits, -, _ and ., with a letter or digit at both ends")
		}
		dst = append(dst, l)
	}
	slices.SortFunc(dst, func(a, b model.Label) int { return strings.Compare(a.Key, b.Key) })
	return dst
}

// labelKey tells whether s is a qualified name: [prefix/]name.
func labelKey(s string) bool {
	if i := strings.IndexByte(s, '/'); i >= 0 {
		if !subdomainName(s[:i]) {
			return false
		}
		s = s[i+1:]
	}
	return s != "" && labelValue(s)
}

// labelValue tells whether s is empty or at most 63 characters of [A-Za-z0-9_.-]
// with an alphanumeric at both ends.
func labelValue(s string) bool {
	if s == "" {
		return true
	}
	if len(s) > 63 || !alphanumeric(s[0]) || !alphanumeric(s[len(s)-1]) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; !alphanumeric(c) && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// labelName tells whether s is an RFC 1123 label: the name of a namespace or a Service.
func labelName(s string) bool { return len(s) <= 63 && dnsLabel(s) }

// subdomainName tells whether s is an RFC 1123 subdomain: the name of most objects.
func subdomainName(s string) bool {
	if len(s) > 253 {
		return false
	}
	for {
		i := strings.IndexByte(s, '.')
		if i < 0 {
			return dnsLabel(s)
		}
		if !dnsLabel(s[:i]) {
			return false
		}
		s = s[i+1:]
	}
}

func dnsLabel(s string) bool {
	if s == "" || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; !lower(c) && !digit(c) && c != '-' {
			return false
		}
	}
	return true
}

// portName tells whether s is an IANA service name: at most 15 of [a-z0-9-], at
// least one letter, no hyphen at an end or beside another.
func portName(s string) bool {
	letters := strings.ContainsFunc(s, func(r rune) bool { return r >= 'a' && r <= 'z' })
	return len(s) <= 15 && letters && dnsLabel(s) && !strings.Contains(s, "--")
}

func lower(c byte) bool        { return c >= 'a' && c <= 'z' }
func digit(c byte) bool        { return c >= '0' && c <= '9' }
func alphanumeric(c byte) bool { return lower(c|0x20) || digit(c) }
