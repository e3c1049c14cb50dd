package oracle

import "strings"

// matchesAny tells whether a host name matches one of the patterns.
func matchesAny(patterns []string, host string) bool {
	for _, pattern := range patterns {
		if matchesHost(pattern, host) {
			return true
		}
	}
	return false
}

// matchesHost tells whether a host name matches a pattern: the same name, or,
// for a pattern "*.name", one or more labels before the name. Case and a dot at
// the end do not matter.
func matchesHost(pattern, host string) bool {
	pattern, host = normalHost(pattern), normalHost(host)
	suffix, wild := strings.CutPrefix(pattern, "*.")
	if !wild {
		return host == pattern
	}
	front, ok := strings.CutSuffix(host, "."+suffix)
	return ok && front != ""
}

func normalHost(name string) string {
	return strings.TrimSuffix(strings.ToLower(name), ".")
}
