package live

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"

	"github.com/netfate/netfate/clusters/provider"
	"github.com/netfate/netfate/clusters/provider/kind"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
)

// cacheDir is where fetched sources and kubeconfigs of clusters of ours are kept.
func cacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("nowhere to keep files: %w", err)
	}
	return filepath.Join(dir, "netfate"), nil
}

// kubeconfigOf is the kubeconfig of a cluster of ours, for people.
func kubeconfigOf(name string) (string, error) {
	dir, err := cacheDir()
	return filepath.Join(dir, name+".kubeconfig"), err
}

// labImage is the node image that the offline lab builds.
const labImage = "lab/node:v1.34.4"

// labDir is the directory of the offline lab: $NETFATE_LAB or the one in the user's cache.
func labDir(s *cli.Streams) (string, error) {
	dir := s.Getenv("NETFATE_LAB")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(cache, "netfate-lab")
	}
	if _, err := os.Stat(dir); err != nil {
		return "", fmt.Errorf("there is no offline lab: make lab builds it in %s, or $NETFATE_LAB names its directory", dir)
	}
	return dir, nil
}

// theCluster returns the cluster that is meant: the one named, or the only one.
func theCluster(ctx context.Context, p provider.Provider, name string) (string, error) {
	if name != "" {
		return provider.Name(name)
	}
	names, err := p.List(ctx)
	switch {
	case err != nil:
		return "", err
	case len(names) == 0:
		return "", errors.New("there is no cluster of ours: netfate live up makes one")
	case len(names) > 1:
		return "", fmt.Errorf("say which cluster: there are %v", names)
	}
	return names[0], nil
}

// newKind is the provider of clusters of ours.
func newKind(s *cli.Streams, progress func(string)) (provider.Provider, error) {
	klog.SetLogger(logr.Discard()) // client-go logs what the caller is told as an error
	return kind.New(s.Getenv, progress)
}
