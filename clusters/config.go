package clusters

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// Config says how to reach the cluster of the options (Kubeconfig and Context), with the errors of Collect.
func Config(o Options) (*rest.Config, error) { return loadConfig(o) }

// loadConfig finds the cluster of the options, as kubectl does, and says what to do where it cannot.
func loadConfig(o Options) (*rest.Config, error) {
	rules := kubeconfigs(o.Kubeconfig)
	files, err := rules.Load()
	switch {
	case o.Kubeconfig != "" && errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("kubeconfig %s does not exist: give another one with --kubeconfig", o.Kubeconfig)
	case err != nil:
		return nil, fmt.Errorf("cannot read the kubeconfig: %w", err)
	}
	_, named := files.Contexts[o.Context]
	switch {
	case o.Context == InCluster && !named:
		return inCluster()
	case len(files.Contexts) > 0:
		return fromContext(files, o.Context, rules)
	case o.Context == "" && o.Kubeconfig == "":
		if c, err := rest.InClusterConfig(); err == nil {
			return c, nil
		}
	}
	return nil, noConfig(rules, o)
}

// kubeconfigs returns the files to read: the one given, those of $KUBECONFIG, or the one in the home
// directory.
func kubeconfigs(explicit string) *clientcmd.ClientConfigLoadingRules {
	rules := &clientcmd.ClientConfigLoadingRules{ExplicitPath: explicit}
	if explicit != "" {
		return rules
	}
	if env := os.Getenv(clientcmd.RecommendedConfigPathEnvVar); env != "" {
		rules.Precedence = filepath.SplitList(env)
	} else if home, err := os.UserHomeDir(); err == nil {
		rules.Precedence = []string{filepath.Join(home, ".kube", "config")}
	}
	return rules
}

func inCluster() (*rest.Config, error) {
	c, err := rest.InClusterConfig()
	if errors.Is(err, rest.ErrNotInCluster) {
		return nil, fmt.Errorf("not in a cluster: --context %s is for a pod with a service account; "+
			"elsewhere give a context of a kubeconfig", InCluster)
	}
	return c, err
}

// fromContext returns the configuration of a context, the current one when none is named.
func fromContext(files *api.Config, context string, rules *clientcmd.ClientConfigLoadingRules) (*rest.Config, error) {
	if context == "" {
		context = files.CurrentContext
	}
	if context == "" {
		return nil, fmt.Errorf("the kubeconfig has no current context: choose one with --context (%s)", known(files))
	}
	if _, ok := files.Contexts[context]; !ok {
		return nil, fmt.Errorf("no context %q in %s (known: %s)", context, strings.Join(rules.GetLoadingPrecedence(), ", "), known(files))
	}
	c, err := clientcmd.NewNonInteractiveClientConfig(*files, context, &clientcmd.ConfigOverrides{}, rules).ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("context %q of the kubeconfig cannot be used: %w", context, err)
	}
	return c, nil
}

// known lists the contexts of a kubeconfig.
func known(files *api.Config) string {
	names := make([]string, 0, len(files.Contexts))
	for name := range files.Contexts {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func noConfig(rules *clientcmd.ClientConfigLoadingRules, o Options) error {
	tried := rules.GetLoadingPrecedence()
	where := strings.Join(tried, ", ")
	switch {
	case o.Kubeconfig != "":
		return fmt.Errorf("kubeconfig %s names no context: give another one with --kubeconfig", o.Kubeconfig)
	case where == "":
		where = "nowhere, since there is no home directory"
	}
	if os.Getenv(clientcmd.RecommendedConfigPathEnvVar) != "" {
		where += " as $KUBECONFIG says"
	}
	return fmt.Errorf("no kubeconfig with a context (looked in %s): give one with --kubeconfig, "+
		"or read manifests with -f", where)
}
