package knp

import (
	"context"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	"sigs.k8s.io/kube-network-policies/pkg/api"
	"sigs.k8s.io/kube-network-policies/pkg/network"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
)

// isolatingOnly is the evaluator of NetworkPolicy as the API's text has it: where
// no policy isolates the pod in the direction asked for, the evaluation goes on.
type isolatingOnly struct {
	*networkpolicy.StandardNetworkPolicy
	cluster *cluster
}

// EvaluateIngress evaluates policies that isolate the destination.
func (i *isolatingOnly) EvaluateIngress(ctx context.Context, p *network.Packet, src, dst *api.PodInfo) (api.Verdict, error) {
	if !i.isolated(dst, networkingv1.PolicyTypeIngress) {
		return api.VerdictNext, nil
	}
	return i.StandardNetworkPolicy.EvaluateIngress(ctx, p, src, dst)
}

// EvaluateEgress evaluates policies that isolate the source.
func (i *isolatingOnly) EvaluateEgress(ctx context.Context, p *network.Packet, src, dst *api.PodInfo) (api.Verdict, error) {
	if !i.isolated(src, networkingv1.PolicyTypeEgress) {
		return api.VerdictNext, nil
	}
	return i.StandardNetworkPolicy.EvaluateEgress(ctx, p, src, dst)
}

func (i *isolatingOnly) isolated(pod *api.PodInfo, direction networkingv1.PolicyType) bool {
	if pod == nil {
		return false
	}
	for _, o := range i.cluster.objects {
		np, ok := o.(*networkingv1.NetworkPolicy)
		if ok && np.Namespace == pod.Namespace.Name && slices.Contains(np.Spec.PolicyTypes, direction) &&
			networkpolicy.MatchesSelector(&np.Spec.PodSelector, pod.Labels) {
			return true
		}
	}
	return false
}
