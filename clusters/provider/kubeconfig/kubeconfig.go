// Package kubeconfig provides clusters that exist already: those of the contexts of
// a kubeconfig. It makes and removes none.
package kubeconfig

import (
	"context"
	"fmt"

	"k8s.io/client-go/rest"

	"github.com/netfate/netfate/clusters"
	"github.com/netfate/netfate/clusters/provider"
)

// Provider is a provider of the contexts of a kubeconfig.
type Provider struct {
	// File is the kubeconfig, the user's own when empty.
	File string
}

// Name returns "kubeconfig".
func (*Provider) Name() string { return "kubeconfig" }

// Create refuses.
func (*Provider) Create(context.Context, provider.Spec) error {
	return fmt.Errorf("cannot create a cluster from a kubeconfig: %w", provider.ErrCannot)
}

// Delete refuses.
func (*Provider) Delete(_ context.Context, name, _ string) error {
	return fmt.Errorf("context %q stays: %w", name, provider.ErrCannot)
}

// List returns nothing: none of the contexts is ours.
func (*Provider) List(context.Context) ([]string, error) { return nil, nil }

// Config returns how to reach the cluster of a context.
func (p *Provider) Config(_ context.Context, name string) (*rest.Config, error) {
	return clusters.Config(clusters.Options{Kubeconfig: p.File, Context: name})
}

// LoadImages refuses: the nodes are not ours.
func (*Provider) LoadImages(_ context.Context, name string, _ []string) error {
	return fmt.Errorf("cannot put images on the nodes of context %q: push them to a registry that it can pull from: %w", name, provider.ErrCannot)
}
