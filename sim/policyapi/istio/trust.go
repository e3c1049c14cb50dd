package istio

import (
	"slices"
	"strings"
)

// trust are the trust domain of the mesh and its aliases, which stand for each other.
type trust []string

// principals replaces the trust domain of principals by each of the mesh's, where
// it is one of them or "cluster.local", which always means the mesh's
// (pilot/pkg/security/trustdomain ReplaceTrustDomainAliases).
func (t trust) principals(list []string) []string {
	if t == nil {
		return list // aliases do not count
	}
	var out []string
	for _, p := range list {
		parts := strings.Split(p, "/")
		if len(parts) != 5 || parts[0] == "*" || !t.has(parts[0]) && parts[0] != "cluster.local" {
			out = append(out, p)
			continue
		}
		for _, d := range t {
			alias := d + "/" + strings.Join(parts[1:], "/")
			if wildcardSuffix(d, parts[0]) {
				alias = p
			}
			if !slices.Contains(out, alias) {
				out = append(out, alias)
			}
		}
	}
	return out
}

func (t trust) has(d string) bool {
	return slices.ContainsFunc(t, func(x string) bool {
		return x == d || x == "*" || wildcardPrefix(d, x) || wildcardPrefix(x, d) || wildcardSuffix(d, x) || wildcardSuffix(x, d)
	})
}

// wildcardPrefix tells whether a pattern "prefix*" matches a domain.
func wildcardPrefix(domain, pattern string) bool {
	prefix, wild := strings.CutSuffix(pattern, "*")
	return wild && strings.HasPrefix(domain, prefix)
}

// wildcardSuffix tells whether a pattern "*suffix" matches a domain.
func wildcardSuffix(domain, pattern string) bool {
	suffix, wild := strings.CutPrefix(pattern, "*")
	return wild && strings.HasSuffix(domain, suffix)
}

// domains adds the aliases of the mesh's trust domain.
func (t trust) domains(list []string) []string {
	var out []string
	for _, d := range list {
		if slices.Contains(t, d) {
			out = append(out, t...)
		} else {
			out = append(out, d)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
