package knp

import (
	"fmt"
	"strings"

	npav1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	npav1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

// difference is a flow on which a determined verdict of netfate is not the
// engine's, or that netfate leaves open without a good reason.
type difference struct {
	profile string
	flow    flow
	netfate model.Verdict
	engine  bool
}

// String writes both verdicts.
func (d *difference) String() string {
	engine := "denied"
	if d.engine {
		engine = "allowed"
	}
	s := fmt.Sprintf("%s\n  netfate, %s: %s\n  kube-network-policies: %s", d.flow, d.profile, d.netfate.Outcome, engine)
	for _, r := range reasons(&d.netfate) {
		s += "\n  open because: " + r
	}
	for _, b := range d.netfate.Blockers {
		s += fmt.Sprintf("\n  blocked by: %s %s %s", b.Point, b.Origin.String(), b.Why)
	}
	return s
}

// compare asks both sides about the flows of a cluster, counts the answers and
// returns the differences that no class explains.
func compare(c *cluster, flows []flow, t *tally) ([]difference, error) {
	engine, err := newEngine(c, false)
	if err != nil {
		return nil, err
	}
	snap, err := load(c)
	if err != nil {
		return nil, err
	}
	t.clusters++
	t.flows += len(flows)
	answers := make([]bool, len(flows))
	for i, f := range flows {
		if answers[i], err = evaluate(engine, f); err != nil {
			return nil, err
		}
	}
	var out []difference
	for _, profile := range c.profiles() {
		s, err := simulate(snap, profile)
		if err != nil {
			return nil, err
		}
		found, err := compareProfile(c, s, profile, flows, answers, t)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// profiles returns the profiles to compare. The neutral one enforces both
// versions of the cluster policies, which no engine does.
func (c *cluster) profiles() []string {
	for _, o := range c.objects {
		switch o.(type) {
		case *npav1alpha2.ClusterNetworkPolicy:
			if c.plugin == pluginV1alpha1 {
				return []string{c.profileOf()}
			}
		case *npav1alpha1.AdminNetworkPolicy, *npav1alpha1.BaselineAdminNetworkPolicy:
			if c.plugin == pluginV1alpha2 {
				return []string{c.profileOf()}
			}
		}
	}
	return []string{c.profileOf(), neutral}
}

// compareProfile compares the answers with those of one profile.
func compareProfile(c *cluster, s *sim.Simulator, profile string, flows []flow, answers []bool, t *tally) ([]difference, error) {
	count := t.of(profile)
	var out []difference
	for i, f := range flows {
		v, err := ask(s, f)
		if err != nil {
			return nil, err
		}
		count.outcomes[v.Outcome]++
		if v.Outcome == model.Undetermined {
			why := reasons(&v)
			count.undetermined(why)
			if len(why) == 0 || profile != neutral && !mayBeOpen(c, f, why) {
				out = append(out, difference{profile, f, v, answers[i]})
			}
			continue
		}
		want := v.Outcome == model.Allowed
		if want == answers[i] {
			continue
		}
		class, err := explain(c, f, want, profile == neutral)
		if err != nil {
			return nil, err
		}
		if class == "" {
			out = append(out, difference{profile, f, v, answers[i]})
			continue
		}
		count.explained[class]++
	}
	return out, nil
}

// mayBeOpen tells whether the profile of the engine may leave a flow open: from
// a process of the pod's node, whose user is not known (N5), to an address that a
// domain name in a rule may stand for (N21), and to a name whose addresses, which
// manifests do not say, matter to a rule.
func mayBeOpen(c *cluster, f flow, why []string) bool {
	for _, r := range why {
		switch {
		case r == "N5" && fromOwnNode(c, f):
		case len(otherAddresses(c, f)) > 0: // a rule may hold one address of a node and not the other
		case r == hostUnknown && strings.HasPrefix(f.dstName, "host:"):
		case r == "N21" && c.podAt(f.dst) == nil && c.hasDomains():
		default:
			return false
		}
	}
	return len(why) > 0
}

// hasDomains tells whether a rule names domains.
func (c *cluster) hasDomains() bool {
	for _, o := range c.objects {
		switch p := o.(type) {
		case *npav1alpha1.AdminNetworkPolicy:
			for _, r := range p.Spec.Egress {
				for _, to := range r.To {
					if to.DomainNames != nil {
						return true
					}
				}
			}
		case *npav1alpha2.ClusterNetworkPolicy:
			for _, r := range p.Spec.Egress {
				for _, to := range r.To {
					if to.DomainNames != nil {
						return true
					}
				}
			}
		}
	}
	return false
}
