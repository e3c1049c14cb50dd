package clusterkit

import (
	"regexp"
	"testing"
)

// validDomain must accept what the pattern of the definition accepts, its odd
// character class A-z included.
func TestValidDomainIsThePattern(t *testing.T) {
	pattern := regexp.MustCompile(`^(\*\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?$`)
	parts := []string{"", "*.", "*", "a", "B-c", "_", "-", ".", "x_y", "a.b", "^"}
	for _, a := range parts {
		for _, b := range parts {
			for _, c := range parts {
				for _, d := range parts {
					name := a + b + c + d
					if got, want := validDomain(name), pattern.MatchString(name); got != want {
						t.Errorf("%q: valid %t, the pattern says %t", name, got, want)
					}
				}
			}
		}
	}
}
