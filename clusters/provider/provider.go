// Package provider makes, lists and removes clusters, whatever makes them.
//
// A cluster of ours is named "netfate-…", and nothing else is ever created or
// removed: [Name] checks it. What a provider cannot do is [ErrCannot].
//
// Linux network namespaces are no provider, for they have no API server to configure: the tests that need
// real packets and no cluster make them themselves (clusters/probe, clusters/lab/reference).
package provider

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"k8s.io/client-go/rest"
)

// Prefix begins the name of every cluster of ours.
const Prefix = "netfate-"

// ErrCannot is wrapped by what a provider does not do, such as removing a cluster that somebody else made.
var ErrCannot = errors.New("this cluster was not made by netfate")

// ErrNone is wrapped where a cluster does not exist.
var ErrNone = errors.New("no such cluster")

// Config says how to reach a cluster.
type Config = rest.Config

// Spec says what to create.
type Spec struct {
	Name  string // as Name accepts it
	Image string // of the nodes; the provider's own when empty
	Nodes int    // in all, one of which is the control plane; at least 1
	// NoCNI leaves out the network that the provider would install.
	NoCNI bool
	// NoKubeProxy leaves out kube-proxy.
	NoKubeProxy bool
	PodSubnet   string // CIDR, the provider's own when empty
	// KubeconfigPath is where a kubeconfig for people is written.
	KubeconfigPath string
	// Wait is how long to wait for the nodes to be ready; not at all when zero.
	Wait time.Duration
}

// Provider makes clusters.
type Provider interface {
	// Name is "kind" or "kubeconfig".
	Name() string
	// Create makes a cluster. After an error some of it may exist, which Delete
	// removes. A cancelled ctx is noticed within seconds.
	Create(ctx context.Context, s Spec) error
	// Delete removes a cluster and its kubeconfig; one that is not there is no error.
	Delete(ctx context.Context, name, kubeconfig string) error
	// List returns the names of clusters of ours, in order.
	List(ctx context.Context) ([]string, error)
	// Config says how to reach a cluster; ErrNone where there is none.
	Config(ctx context.Context, name string) (*rest.Config, error)
	// LoadImages puts image archives (docker save) on every node.
	LoadImages(ctx context.Context, name string, archives []string) error
}

// Name returns the full name of a cluster: "x" and "netfate-x" both mean
// netfate-x. The error says what is wrong with a name that cannot be one.
func Name(name string) (string, error) {
	full := Prefix + strings.TrimPrefix(name, Prefix)
	if !regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,48}[a-z0-9]$`).MatchString(full) {
		return "", fmt.Errorf("%q cannot be the name of a cluster: want lower-case letters, digits and dashes, at most 42", name)
	}
	return full, nil
}

// Ours tells whether a name is of a cluster that we may touch.
func Ours(name string) bool {
	full, err := Name(name)
	return err == nil && full == name
}
