package kind

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/netfate/netfate/clusters/provider"
)

// TestForeign: clusters of other names are neither made, removed nor given images.
// The provider below has nothing that could run a container: a call would panic.
func TestForeign(t *testing.T) {
	k := &Provider{}
	for _, name := range []string{"kind", "production", "netfate-", "netfate-A", ""} {
		if err := k.Delete(t.Context(), name, ""); !errors.Is(err, provider.ErrCannot) {
			t.Errorf("delete %q: %v", name, err)
		}
		if err := k.LoadImages(t.Context(), name, []string{"x.tar"}); !errors.Is(err, provider.ErrCannot) {
			t.Errorf("load into %q: %v", name, err)
		}
		if err := k.Create(t.Context(), provider.Spec{Name: name}); err == nil || !strings.Contains(err.Error(), "not a name of ours") {
			t.Errorf("create %q: %v", name, err)
		}
	}
}

// TestRemedies: what fails because nothing runs containers says what to do.
func TestRemedies(t *testing.T) {
	for text, want := range map[string]string{
		"Cannot connect to the Docker daemon at unix:///var/run/docker.sock": "start it (systemctl start docker)",
		`exec: "docker": executable file not found in $PATH`:                 "install Docker, podman or nerdctl",
		"permission denied while trying to connect to the Docker daemon":     "add yourself to the group docker",
		"unable to find image": "with --image",
	} {
		err := words("listing clusters", errors.New(text))
		if !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "listing clusters: ") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if err := words("x", context.Canceled); !errors.Is(err, context.Canceled) || err.Error() != context.Canceled.Error() {
		t.Errorf("an interruption is no failure of kind: %v", err)
	}
	_, err := New(func(string) string { return "lxc" }, nil)
	if err == nil || !strings.Contains(err.Error(), `"lxc": want docker, podman or nerdctl`) {
		t.Errorf("an unknown runtime: %v", err)
	}
}

// TestNothingRuns: without any runtime in $PATH the error says what to install.
func TestNothingRuns(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := New(func(string) string { return "" }, nil)
	if err == nil || !strings.Contains(err.Error(), "install Docker, podman or nerdctl and start it, or give an existing cluster with --context") {
		t.Errorf("error %v", err)
	}
}

// TestWithin: an interruption does not wait for what kind is at for ever.
func TestWithin(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	time.AfterFunc(10*time.Millisecond, cancel)
	time.AfterFunc(50*time.Millisecond, func() { close(done) })
	if err := within(ctx, func() error { <-done; return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// TestConfig: what installers need is asked of kind.
func TestConfig(t *testing.T) {
	c := config(&provider.Spec{Name: "netfate-a", Nodes: 3, NoCNI: true, NoKubeProxy: true, PodSubnet: "192.168.0.0/16"})
	if c.Name != "netfate-a" || len(c.Nodes) != 3 || !c.Networking.DisableDefaultCNI || c.Networking.KubeProxyMode != "none" || c.Networking.PodSubnet != "192.168.0.0/16" {
		t.Errorf("got %+v", c)
	}
}
