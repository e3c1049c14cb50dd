package scenarios

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim"
)

// inTable resolves a name in a table, where quotes may be left out.
func (v *view) inTable(text, ns string) (*ends, error) {
	s, err := v.tableSubject(text, ns)
	if err != nil {
		return nil, err
	}
	d, err := v.resolve(s)
	if err == nil {
		d.text = text
	}
	return d, err
}

func (v *view) tableSubject(text, ns string) (subject, error) {
	switch {
	case text == "":
		return subject{}, fmt.Errorf("a name is missing in the table")
	case strings.Contains(text, `"`) || text == "the internet" || text == "any pod":
		return parseSubject(text)
	case strings.Contains(text, " "):
		for _, p := range prefixes() {
			if name, ok := strings.CutPrefix(text, p.words); ok {
				return subject{kind: p.kind, name: strings.TrimSpace(name), text: text}, nil
			}
		}
		return subject{}, fmt.Errorf("%q is not a subject", text)
	}
	if _, err := netip.ParsePrefix(text); err == nil {
		return subject{kind: cidr, name: text, text: text}, nil
	}
	if _, err := netip.ParseAddr(text); err == nil || strings.ContainsAny(text, "/:") {
		return subject{name: text, text: text}, nil
	}
	if ns == "" {
		var err error
		if ns, err = v.onlyNamespace(text); err != nil {
			return subject{}, err
		}
	}
	return subject{name: ns + "/" + text, text: text}, nil
}

// onlyNamespace returns the one namespace that has a pod or workload of a name.
func (v *view) onlyNamespace(name string) (string, error) {
	var found, known []string
	for i := range v.m.Endpoints {
		e := &v.m.Endpoints[i]
		if e.Namespace == "" || e.Cluster != "" {
			continue
		}
		if e.Name == name || e.Workload.Name == name {
			if !slices.Contains(found, e.Namespace) {
				found = append(found, e.Namespace)
			}
			continue
		}
		known = append(known, e.Workload.Name)
	}
	slices.Sort(found)
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		hint := ""
		if near := sim.Nearest(name, known, 3); len(near) > 0 {
			hint = "; did you mean " + strings.Join(near, ", ") + "?"
		}
		return "", fmt.Errorf("no pod or workload %q in any namespace%s", name, hint)
	}
	return "", fmt.Errorf("%q is in several namespaces (%s): say which", name, strings.Join(found, ", "))
}
