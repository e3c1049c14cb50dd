package knp

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/tools/cache"
	"sigs.k8s.io/kube-network-policies/pkg/api"
	"sigs.k8s.io/kube-network-policies/pkg/network"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
	"sigs.k8s.io/kube-network-policies/pkg/podinfo"
	npav1 "sigs.k8s.io/kube-network-policies/plugins/npa-v1alpha1"
	npav2 "sigs.k8s.io/kube-network-policies/plugins/npa-v1alpha2"
	npav1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	npav1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"
	npainformers "sigs.k8s.io/network-policy-api/pkg/client/informers/externalversions"
)

// stores are the informers of the engine, filled by hand and never started.
type stores struct {
	core informers.SharedInformerFactory
	npa  npainformers.SharedInformerFactory
}

// newEngine returns the engine of kube-network-policies over a cluster, put
// together as its command does. With isolating, NetworkPolicy does not end the
// evaluation in a direction that it does not isolate (row N17).
func newEngine(c *cluster, isolating bool) (*networkpolicy.PolicyEngine, error) {
	s := &stores{core: informers.NewSharedInformerFactory(nil, 0), npa: npainformers.NewSharedInformerFactory(nil, 0)}
	pods := s.core.Core().V1().Pods()
	resolver, err := podinfo.NewInformerResolver(pods.Informer())
	if err != nil {
		return nil, err
	}
	for _, o := range c.objects {
		if err := s.add(o); err != nil {
			return nil, err
		}
	}
	namespaces, nodes := s.core.Core().V1().Namespaces(), s.core.Core().V1().Nodes()
	provider := podinfo.NewInformerProvider(pods, namespaces, nodes, []podinfo.IPResolver{resolver})
	standard := networkpolicy.NewStandardNetworkPolicy("", namespaces, pods, s.core.Networking().V1().NetworkPolicies())
	var middle api.PolicyEvaluator = standard
	if isolating {
		middle = &isolatingOnly{StandardNetworkPolicy: standard, cluster: c}
	}
	names := resolverOf(c.hosts)
	if c.plugin == pluginV1alpha1 {
		anp, banp := s.npa.Policy().V1alpha1().AdminNetworkPolicies(), s.npa.Policy().V1alpha1().BaselineAdminNetworkPolicies()
		return networkpolicy.NewPolicyEngine(provider, []api.PolicyEvaluator{
			npav1.NewAdminNetworkPolicy(anp, names), middle, npav1.NewBaselineAdminNetworkPolicy(banp),
		}), nil
	}
	cnp := s.npa.Policy().V1alpha2().ClusterNetworkPolicies()
	return networkpolicy.NewPolicyEngine(provider, []api.PolicyEvaluator{
		npav2.NewClusterNetworkPolicy(npav1alpha2.AdminTier, cnp, names, nodes.Lister()), middle,
		npav2.NewClusterNetworkPolicy(npav1alpha2.BaselineTier, cnp, names, nodes.Lister()),
	}), nil
}

// add puts an object into the store of its kind.
func (s *stores) add(o object) error {
	var informer cache.SharedIndexInformer
	switch o.(type) {
	case *corev1.Namespace:
		informer = s.core.Core().V1().Namespaces().Informer()
	case *corev1.Node:
		informer = s.core.Core().V1().Nodes().Informer()
	case *corev1.Pod:
		informer = s.core.Core().V1().Pods().Informer()
	case *networkingv1.NetworkPolicy:
		informer = s.core.Networking().V1().NetworkPolicies().Informer()
	case *npav1alpha1.AdminNetworkPolicy:
		informer = s.npa.Policy().V1alpha1().AdminNetworkPolicies().Informer()
	case *npav1alpha1.BaselineAdminNetworkPolicy:
		informer = s.npa.Policy().V1alpha1().BaselineAdminNetworkPolicies().Informer()
	case *npav1alpha2.ClusterNetworkPolicy:
		informer = s.npa.Policy().V1alpha2().ClusterNetworkPolicies().Informer()
	default:
		return fmt.Errorf("no store for %T", o)
	}
	return informer.GetIndexer().Add(o)
}

// evaluate asks the engine about a flow.
func evaluate(e *networkpolicy.PolicyEngine, f flow) (bool, error) {
	p := &network.Packet{
		Family: corev1.IPv4Protocol, SrcIP: netIP(f.src), DstIP: netIP(f.dst),
		Proto: f.protocol, SrcPort: 40000, DstPort: int(f.port),
	}
	if f.dst.Is6() {
		p.Family = corev1.IPv6Protocol
	}
	if f.protocol == "" { // as its parser leaves packets of protocols without ports
		p.SrcPort, p.DstPort = 0, 0
	}
	return e.EvaluatePacket(context.Background(), p)
}

func netIP(a netip.Addr) net.IP { return net.IP(a.AsSlice()) }

// resolverOf answers for the addresses that DNS would have told the engine of.
type resolverOf map[string][]string

// ContainsIP tells whether a name, perhaps with a wildcard for one or more
// labels in front, has the address.
func (r resolverOf) ContainsIP(domain string, ip net.IP) bool {
	for host, addrs := range r {
		suffix, wildcard := strings.CutPrefix(domain, "*")
		if host != domain && !(wildcard && strings.HasSuffix(host, suffix)) {
			continue
		}
		for _, a := range addrs {
			if a == ip.String() {
				return true
			}
		}
	}
	return false
}
