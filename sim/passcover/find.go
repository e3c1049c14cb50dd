package passcover

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// finder finds what becomes of one Pass.
type finder struct {
	m             *model.Model
	pass          placed
	earlier, same []placed            // the rules of earlier tiers and those of the Pass's own
	near          map[string][]placed // the earlier ones by the namespace of their subjects
	pairs, most   int
	out           []*model.Policy
}

// find returns the policies for the tier of deviations.
func (f *finder) find() []*model.Policy {
	for _, c := range f.earlier {
		if c.rule.Action == model.Pass {
			continue
		}
		subject, ok := subjects(&f.pass.policy.Subject, &c.policy.Subject)
		if !ok {
			continue
		}
		f.pair(c, subject)
		if f.pairs > f.most {
			return []*model.Policy{f.policy(third, f.pass.policy.Subject, f.deny(f.pass.rule, part{
				peers: peers{list: f.pass.rule.Peers, any: f.pass.rule.AnyPeer}, traffic: f.pass.rule.Traffic}, f.doubt()))}
		}
	}
	return f.out
}

// part is what two rules have in common.
type part struct {
	peers   peers
	traffic model.Traffic
	open    bool // whether the deny stays there is not known
}

// pair compares the Pass with a rule that may cover it.
func (f *finder) pair(c placed, subject model.Selector) {
	f.pairs++
	for _, p := range f.common(c) {
		if empty(&p.traffic) || p.peers.none() {
			continue
		}
		if p.open || f.uncertain(c) {
			f.out = append(f.out, f.policy(third, subject, f.deny(c.rule, p, f.doubt())))
			continue
		}
		f.undone(c, subject, &p)
		f.out = append(f.out, f.policy(second, subject, f.deny(c.rule, p, nil)))
	}
}

// common returns the parts of the Pass that the other rule covers.
func (f *finder) common(c placed) []part {
	r := f.pass.rule
	sure, open := meet(r, c.rule)
	if !r.AnyPeer {
		t, maybe := cover(&r.Traffic, &c.rule.Traffic, c.rule.AnyPeer)
		return []part{{sure, t, false}, {sure, maybe, true}, {open, t, true}, {open, maybe, true}}
	}
	// The Pass is for the aggregate identities too (N50). Those of pods merge with those
	// of another rule for every peer on the same ports.
	if !c.rule.AnyPeer {
		outside := slices.DeleteFunc(slices.Clone(c.rule.Peers), func(p model.Peer) bool { return p.Pods != nil })
		t, maybe := cover(&r.Traffic, &c.rule.Traffic, true)
		return []part{{peers{list: outside}, t, true}, {peers{list: outside}, maybe, true}}
	}
	pods := peers{list: []model.Peer{{Pods: &model.Selector{LocalCluster: true}, Origin: r.Origin}}}
	t, maybe := cover(&r.Traffic, &c.rule.Traffic, false)
	other, further := cover(&r.Traffic, &c.rule.Traffic, true)
	outside := peers{list: notPods(r.Origin)}
	return []part{{pods, t, false}, {pods, maybe, true}, {outside, other, true}, {outside, further, true}}
}

// notPods are peers for everything that is no pod of the cluster.
func notPods(o model.Origin) []model.Peer {
	all := &model.Block{Addrs: algebra.AllAddrs(), Scope: model.Scope{Pods: algebra.No, Nodes: algebra.Yes}}
	return []model.Peer{{Nodes: &model.NodeSelector{}, Origin: o}, {Block: all, Origin: o}}
}

// undone adds what may keep the deny from staying: an entry of the same peer on as few ports
// or fewer, and a rule of the Baseline tier that took the Pass out.
func (f *finder) undone(c placed, subject model.Selector, p *part) {
	others := f.earlier
	if subject.Namespace != "" {
		others = slices.Concat(f.near[subject.Namespace], f.near[""])
	}
	f.pairs += len(others) + len(f.same)
	for _, x := range others {
		if x.rule == c.rule || x.rule.AnyPeer != f.pass.rule.AnyPeer || f.merged(c, x) {
			continue
		}
		f.shield(x, subject, p, narrower(&p.traffic, &x.rule.Traffic))
	}
	for _, x := range f.same {
		if f.before(x) && !f.kept(c, x) {
			f.shield(x, subject, p, broader(&p.traffic, &x.rule.Traffic))
		}
	}
}

// shield adds a doubtful Pass for what a further rule has in common with a part.
func (f *finder) shield(x placed, subject model.Selector, p *part, t model.Traffic) {
	s, ok := subjects(&subject, &x.policy.Subject)
	if !ok || empty(&t) {
		return
	}
	mine := model.Rule{Peers: p.peers.list, AnyPeer: p.peers.any}
	sure, open := meet(&mine, x.rule)
	for _, q := range []peers{sure, open} {
		if !q.none() {
			r := f.rule(x.rule, part{peers: q, traffic: t}, f.doubt())
			r.Action = model.Pass
			f.out = append(f.out, f.policy(first, s, r))
		}
	}
}

// merged tells whether a further rule's entry is none of its own: a rule of NetworkPolicy for
// every peer on the same ports makes it superfluous.
func (f *finder) merged(c, x placed) bool {
	return c.tier == model.TierNetworkPolicy && x.tier == model.TierNetworkPolicy && c.rule.AnyPeer && sameTraffic(&c.rule.Traffic, &x.rule.Traffic)
}

// before tells whether a rule of the Baseline tier stands before the Pass.
func (f *finder) before(x placed) bool {
	return x.rule != f.pass.rule && x.policy.Priority <= f.pass.policy.Priority
}

// kept tells whether an earlier rule of the Baseline tier certainly leaves the Pass: where
// a rule of an earlier tier covers everything, it is not in the map itself; but of equal
// selectors and ports only the first rule counts.
func (f *finder) kept(c, x placed) bool {
	if !c.rule.AnyPeer || !c.rule.Traffic.Any || x.rule.AnyPeer || f.pass.rule.AnyPeer {
		return false
	}
	return !sameTraffic(&x.rule.Traffic, &f.pass.rule.Traffic) || !samePeers(x.rule.Peers, f.pass.rule.Peers)
}

func (f *finder) uncertain(c placed) bool {
	return f.pass.policy.Uncertain != nil || f.pass.rule.Uncertain != nil || c.policy.Uncertain != nil || c.rule.Uncertain != nil
}

// doubt is why something is left open.
func (f *finder) doubt() *model.Reason {
	r := f.m.Profile.CoveredPass.Undefined(f.pass.rule.Origin)
	r.Text = "whether that deny stays here is not known: " + r.Text
	return r
}

func (f *finder) rule(beside *model.Rule, p part, doubt *model.Reason) model.Rule {
	return model.Rule{
		Peers: p.peers.list, AnyPeer: p.peers.any, Traffic: p.traffic, Uncertain: doubt, Origin: f.pass.rule.Origin,
		Deviation: &model.Deviation{Statement: f.m.Profile.CoveredPass.Statement, Beside: beside.Origin},
	}
}

func (f *finder) deny(beside *model.Rule, p part, doubt *model.Reason) model.Rule {
	r := f.rule(beside, p, doubt)
	r.Action = model.Deny
	return r
}

func (f *finder) policy(priority int, subject model.Selector, r model.Rule) *model.Policy {
	p := f.pass.policy
	return &model.Policy{Direction: p.Direction, Subject: subject, Priority: float64(priority), TieKey: p.TieKey,
		Rules: []model.Rule{r}, Domain: p.Domain, DomainReason: p.DomainReason, Origin: p.Origin}
}
