package provider_test

import (
	"strings"
	"testing"

	"github.com/netfate/netfate/clusters/provider"
)

// TestName: every name becomes one of ours, or is refused.
func TestName(t *testing.T) {
	for name, want := range map[string]string{
		"cilium": "netfate-cilium", "netfate-cilium": "netfate-cilium", "a": "netfate-a", strings.Repeat("x", 42): "netfate-" + strings.Repeat("x", 42),
		"": "", "Cilium": "", "a b": "", "a/../b": "", "a-": "", "a.b": "", strings.Repeat("x", 43): "", "--all": "netfate---all",
	} {
		got, err := provider.Name(name)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v, want %q", name, got, err, want)
		}
	}
}

// TestOurs: nothing of another name is ours.
func TestOurs(t *testing.T) {
	for name, want := range map[string]bool{"netfate-a": true, "netfate-": false, "a": false, "kind": false, "netfatex": false, "x-netfate-a": false, "netfate-A": false} {
		if provider.Ours(name) != want {
			t.Errorf("%q: want %t", name, want)
		}
	}
}
