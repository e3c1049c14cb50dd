package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"sigs.k8s.io/kube-network-policies/pkg/api"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
	"sigs.k8s.io/kube-network-policies/pkg/podinfo"
	npav2 "sigs.k8s.io/kube-network-policies/plugins/npa-v1alpha2"
	"sigs.k8s.io/network-policy-api/apis/v1alpha2"
	npaclient "sigs.k8s.io/network-policy-api/pkg/client/clientset/versioned"
	npainformers "sigs.k8s.io/network-policy-api/pkg/client/informers/externalversions"
)

// watcher holds what verdicts depend on, as the API server has it.
type watcher struct {
	core informers.SharedInformerFactory
	npa  npainformers.SharedInformerFactory
	pods *podinfo.InformerProvider
}

// newWatcher watches the API server of a configuration. It fails when the cluster
// does not have ClusterNetworkPolicy, which would otherwise be ignored in silence.
func newWatcher(config *rest.Config) (*watcher, error) {
	core, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("client of the API server: %w", err)
	}
	npa, err := npaclient.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("client of the network policy API: %w", err)
	}
	if _, err := npa.Discovery().ServerResourcesForGroupVersion(v1alpha2.GroupVersion.String()); err != nil {
		return nil, fmt.Errorf("the cluster does not serve %s, apply its CustomResourceDefinition first: %w", v1alpha2.GroupVersion, err)
	}
	return watcherOf(informers.NewSharedInformerFactory(core, 0), npainformers.NewSharedInformerFactory(npa, 0))
}

func watcherOf(core informers.SharedInformerFactory, npa npainformers.SharedInformerFactory) (*watcher, error) {
	pods := core.Core().V1().Pods()
	resolver, err := podinfo.NewInformerResolver(pods.Informer())
	if err != nil {
		return nil, fmt.Errorf("index of pods by address: %w", err)
	}
	w := &watcher{core: core, npa: npa}
	w.pods = podinfo.NewInformerProvider(pods, core.Core().V1().Namespaces(), core.Core().V1().Nodes(), []podinfo.IPResolver{resolver})
	return w, nil
}

// engine puts the engine together as the command of kube-network-policies does:
// Admin tier, NetworkPolicy, Baseline tier. Names of domains are not resolved.
func (w *watcher) engine(node string) *networkpolicy.PolicyEngine {
	core, cnp := w.core.Core().V1(), w.npa.Policy().V1alpha2().ClusterNetworkPolicies()
	return networkpolicy.NewPolicyEngine(w.pods, []api.PolicyEvaluator{
		npav2.NewClusterNetworkPolicy(v1alpha2.AdminTier, cnp, nil, core.Nodes().Lister()),
		networkpolicy.NewStandardNetworkPolicy(node, core.Namespaces(), core.Pods(), w.core.Networking().V1().NetworkPolicies()),
		npav2.NewClusterNetworkPolicy(v1alpha2.BaselineTier, cnp, nil, core.Nodes().Lister()),
	})
}

// start begins to watch and returns when everything has been read once. After
// that changed is called after each change of an object; it must not block.
func (w *watcher) start(ctx context.Context, changed func()) error {
	for _, i := range []cache.SharedIndexInformer{
		w.core.Core().V1().Pods().Informer(), w.core.Core().V1().Namespaces().Informer(), w.core.Core().V1().Nodes().Informer(),
		w.core.Networking().V1().NetworkPolicies().Informer(), w.npa.Policy().V1alpha2().ClusterNetworkPolicies().Informer(),
	} {
		_, err := i.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc: func(any) { changed() }, UpdateFunc: func(any, any) { changed() }, DeleteFunc: func(any) { changed() },
		})
		if err != nil {
			return fmt.Errorf("watching: %w", err)
		}
	}
	w.core.Start(ctx.Done())
	w.npa.Start(ctx.Done())
	w.core.WaitForCacheSync(ctx.Done())
	w.npa.WaitForCacheSync(ctx.Done())
	if ctx.Err() != nil {
		return errors.New("stopped before all policies, pods, namespaces and nodes were read")
	}
	return nil
}

// networks returns the IPv4 pod networks of all nodes.
func (w *watcher) networks() []netip.Prefix {
	nodes, err := w.core.Core().V1().Nodes().Lister().List(labels.Everything())
	if err != nil { // of a cache: it cannot fail
		return nil
	}
	var out []netip.Prefix
	for _, n := range nodes {
		for _, c := range n.Spec.PodCIDRs {
			if p, err := netip.ParsePrefix(c); err == nil && p.Addr().Is4() {
				out = append(out, p.Masked())
			}
		}
	}
	return out
}
