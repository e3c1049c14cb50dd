package live

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"k8s.io/client-go/rest"

	"github.com/netfate/netfate/clusters/install"
	"github.com/netfate/netfate/clusters/install/all"
	"github.com/netfate/netfate/clusters/provider"
)

// fakeProvider makes clusters that nothing answers in.
type fakeProvider struct {
	have    []string
	fails   error // of Create, which leaves the cluster half made
	stuck   error // of Delete
	created provider.Spec
	deleted []string
}

func (*fakeProvider) Name() string { return "fake" }

func (p *fakeProvider) Create(_ context.Context, s provider.Spec) error {
	p.created = s
	p.have = append(p.have, s.Name)
	return p.fails
}

func (p *fakeProvider) Delete(ctx context.Context, name, _ string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	p.deleted = append(p.deleted, name)
	return p.stuck
}

func (p *fakeProvider) List(context.Context) ([]string, error) { return slices.Clone(p.have), nil }

func (*fakeProvider) Config(context.Context, string) (*rest.Config, error) {
	return nil, errors.New("nothing answers")
}

func (*fakeProvider) LoadImages(context.Context, string, []string) error { return nil }

func planOf(t *testing.T, network string) *Plan {
	t.Helper()
	c, err := all.Choose(install.Network, network)
	if err != nil {
		t.Fatal(err)
	}
	return &Plan{Spec: provider.Spec{Name: "netfate-x", Nodes: 2}, Network: c}
}

// TestUpCleansUp: what was half made goes, also after an interruption; with Keep, or
// where it cannot be removed, the error says how to.
func TestUpCleansUp(t *testing.T) {
	broken := errors.New("no memory")
	for _, tt := range []struct {
		name    string
		p       *fakeProvider
		keep    bool
		cancel  bool
		deleted int
		says    string
	}{
		{"a failure of the provider", &fakeProvider{fails: broken}, false, false, 1, "no memory"},
		{"a failure afterwards", &fakeProvider{}, false, false, 1, "nothing answers"},
		{"an interruption", &fakeProvider{fails: context.Canceled}, false, true, 1, "canceled"},
		{"keep", &fakeProvider{fails: broken}, true, false, 0, "netfate live down netfate-x"},
		{"it cannot be removed", &fakeProvider{fails: broken, stuck: errors.New("stuck")}, false, false, 1, "netfate live down netfate-x"},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		if tt.cancel {
			cancel()
		}
		plan := planOf(t, "cilium")
		plan.Keep = tt.keep
		_, err := Up(ctx, tt.p, plan)
		cancel()
		if err == nil || !strings.Contains(err.Error(), tt.says) || len(tt.p.deleted) != tt.deleted {
			t.Errorf("%s: %v, removed %v", tt.name, err, tt.p.deleted)
		}
	}
}

// TestUpLeavesOthers: a cluster that is there already is neither used nor removed.
func TestUpLeavesOthers(t *testing.T) {
	p := &fakeProvider{have: []string{"netfate-x"}}
	_, err := Up(t.Context(), p, planOf(t, "cilium"))
	if err == nil || !strings.Contains(err.Error(), "netfate live down netfate-x removes it") || len(p.deleted) != 0 || p.created.Name != "" {
		t.Errorf("%v, removed %v, created %q", err, p.deleted, p.created.Name)
	}
}

// TestNeeds: the cluster is made as the network wants it.
func TestNeeds(t *testing.T) {
	p := &fakeProvider{}
	if _, err := Up(t.Context(), p, planOf(t, "ovn-kubernetes")); err == nil {
		t.Fatal("nothing answers, and it is up")
	}
	if s := p.created; !s.NoCNI || !s.NoKubeProxy || s.PodSubnet != "10.244.0.0/16" {
		t.Errorf("got %+v", s)
	}
}

// TestUpAvailable: what cannot be had fails before a cluster is made, and says what can.
func TestUpAvailable(t *testing.T) {
	for _, tt := range []struct{ network, mesh, lab, says string }{
		{"calico", "", "lab", "network calico: the offline lab does not have it"},
		{"netd", "istio", "lab", "of this role the lab has istio-proxyless"},
		{"netd", "istio-proxyless@1.30.0", "lab", "mesh istio-proxyless: the offline lab has version 1.31 alone"},
		{"netd", "", "", "add --lab"},
		{"kindnet", "", "lab", "of this role the lab has cilium, reference, netd"},
	} {
		plan := planOf(t, tt.network)
		plan.Env.Lab = tt.lab
		if tt.mesh != "" {
			c, err := all.Choose(install.Mesh, tt.mesh)
			if err != nil {
				t.Fatal(err)
			}
			plan.Mesh = &c
		}
		p := &fakeProvider{}
		if _, err := Up(t.Context(), p, plan); err == nil || !strings.Contains(err.Error(), tt.says) || p.created.Name != "" {
			t.Errorf("%+v: %v, created %q", tt, err, p.created.Name)
		}
	}
}
