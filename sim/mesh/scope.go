package mesh

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// scopeOf returns the scope of a client's proxy: of its workload, of its
// namespace, or the mesh's default; nil is none.
func (v *View) scopeOf(e *model.Endpoint) *model.EgressScope {
	var workload, namespace, root *model.EgressScope
	for _, s := range v.scopes[e.Namespace] {
		switch {
		case s.Selector == nil:
			namespace = olderScope(namespace, s)
		case selects(s.Selector, e.Labels):
			workload = olderScope(workload, s)
		}
	}
	for _, s := range v.scopes[v.mesh.RootNamespace] {
		if s.Selector == nil {
			root = olderScope(root, s)
		}
	}
	switch {
	case workload != nil:
		return workload
	case namespace != nil:
		return namespace
	}
	return root
}

func olderScope(a, b *model.EgressScope) *model.EgressScope {
	if a == nil || cmp.Or(byAge(b.Created, a.Created), strings.Compare(b.Key, a.Key)) < 0 {
		return b
	}
	return a
}

// visible tells whether something of a namespace is exported to another.
func visible(x model.Export, owner, client string) bool {
	if x.Nobody {
		return false
	}
	if len(x.Namespaces) == 0 {
		return true
	}
	return slices.ContainsFunc(x.Namespaces, func(n string) bool {
		return n == "*" || n == client || n == "." && owner == client
	})
}

// inScope tells whether a scope names a host of a namespace.
func inScope(s *model.EgressScope, namespace, host string, port uint16, client string) bool {
	if s == nil || s.All {
		return true
	}
	in := false
	for i := range s.Hosts {
		h := &s.Hosts[i]
		if h.Port != 0 && h.Port != port || !scopeNamespace(h.Namespace, namespace, client) || !hostMatches(h.Host, host) {
			continue
		}
		if h.Not {
			return false
		}
		in = true
	}
	return in
}

// routeInScope tells whether a scope names a routing's host: a wildcard of either
// also takes what it covers of the other.
func routeInScope(s *model.EgressScope, namespace, host string, port uint16, client string) bool {
	if inScope(s, namespace, host, port, client) {
		return true
	}
	covers := func(h *model.ScopedHost) bool {
		return (h.Port == 0 || h.Port == port) && scopeNamespace(h.Namespace, namespace, client) && hostMatches(host, h.Host)
	}
	in := false
	for i := range s.Hosts {
		if h := &s.Hosts[i]; covers(h) {
			if h.Not {
				return false
			}
			in = in || strings.HasPrefix(host, "*")
		}
	}
	return in
}

func scopeNamespace(want, namespace, client string) bool {
	switch want {
	case "*":
		return true
	case "~":
		return false
	case ".":
		return namespace == client
	}
	return want == namespace
}

// hostMatches compares a host with an exact name, "*", or "*.suffix", which also
// stands for a wildcard host under the suffix.
func hostMatches(pattern, host string) bool {
	if pattern == "*" || pattern == host {
		return true
	}
	suffix, wild := strings.CutPrefix(pattern, "*")
	return wild && strings.HasSuffix(host, suffix) && len(host) > len(suffix)
}
