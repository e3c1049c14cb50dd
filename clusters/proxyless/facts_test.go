package proxyless

import (
	"os"
	"strings"
	"testing"
)

// TestVersions: the facts say what the lab's module builds.
func TestVersions(t *testing.T) {
	text, err := os.ReadFile("../lab/istio/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"google.golang.org/grpc " + grpcVersion, "istio.io/istio " + istioModule} {
		if !strings.Contains(string(text), want) {
			t.Errorf("clusters/lab/istio/go.mod does not require %s", want)
		}
	}
}
