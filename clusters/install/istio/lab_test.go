package istio

import (
	"os"
	"strings"
	"testing"
)

// TestLabVersions: the facts say what the lab's module builds.
func TestLabVersions(t *testing.T) {
	text, err := os.ReadFile("../../lab/istio/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"google.golang.org/grpc " + labGRPC, "istio.io/istio " + labModule} {
		if !strings.Contains(string(text), want) {
			t.Errorf("clusters/lab/istio/go.mod does not require %s", want)
		}
	}
}

// TestLab: the lab's version is recorded whatever the default is called, and no other can be had.
func TestLab(t *testing.T) {
	i := Proxyless()
	for _, v := range []string{version, labVersion} {
		got, sets := i.As(v, true)
		if err := i.Available(v, true); err != nil || got != labVersion || sets["istiod"] != labModule {
			t.Errorf("%s: %q with %v, %v", v, got, sets, err)
		}
	}
	if err := i.Available("1.30.0", true); err == nil || !strings.Contains(err.Error(), "has version 1.31 alone") {
		t.Errorf("another version: %v", err)
	}
	if got, sets := i.As(version, false); got != version || len(sets) > 0 {
		t.Errorf("of the vendor: %q with %v", got, sets)
	}
	if err := Sidecar().Available(version, true); err == nil || !strings.Contains(err.Error(), "does not have it") {
		t.Errorf("sidecars in the lab: %v", err)
	}
}
