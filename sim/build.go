package sim

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/inventory"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/passcover"
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/policyapi/all"
	"github.com/netfate/netfate/sim/policyapi/gatewayapi"
	"github.com/netfate/netfate/sim/profile"
)

// translation turns objects into a model; it is kept for later changes.
type translation struct {
	ctx     *policyapi.Context
	byKind  map[string]policyapi.Translator // by kind and apiVersion
	enabled map[string]bool
}

func kindKey(apiVersion, kind string) string { return kind + "." + apiVersion }

func newTranslation(p *model.Profile, lenient bool) *translation {
	t := &translation{
		ctx:     &policyapi.Context{Profile: p, Decoder: manifest.NewDecoder(), Lenient: lenient},
		byKind:  map[string]policyapi.Translator{},
		enabled: map[string]bool{},
	}
	for _, tr := range all.All() {
		info := tr.Info()
		for _, k := range info.Kinds {
			t.byKind[kindKey(k.APIVersion(), k.Kind)] = tr
		}
		t.enabled[info.Name] = p.APIs[info.Name]
	}
	return t
}

// Kinds returns every kind of object that netfate reads.
func Kinds() []policyapi.Kind {
	out := collect.InventoryKinds()
	for _, tr := range all.All() {
		out = append(out, tr.Info().Kinds...)
	}
	for _, a := range all.Assemblers() {
		out = append(out, a.Info().Kinds...)
	}
	return out
}

// resolveProfile chooses the profile: the one asked for, else the snapshot's, else the neutral one.
func resolveProfile(snap *model.Snapshot, network string) (*model.Profile, error) {
	if network == "" {
		network = snap.Facts.Network
	}
	if network == "" {
		network = DefaultNetwork
	}
	return profile.Parse(network)
}

// buildModel translates a snapshot.
func buildModel(snap *model.Snapshot, t *translation, o Options) (*model.Model, error) {
	addrs, err := o.podAddrs()
	if err != nil {
		return nil, err
	}
	made := *snap // with what controllers make of the objects
	made.Objects = append(slices.Clip(snap.Objects), gatewayapi.Managed(snap.Objects)...)
	inv := inventory.Build(&made, inventory.Options{Lenient: o.Lenient, Decoder: t.ctx.Decoder, Profile: t.ctx.Profile})
	m := &model.Model{
		Profile: t.ctx.Profile, Namespaces: inv.Namespaces, Endpoints: inv.Endpoints, Services: inv.Services,
		V4: inv.V4, V6: inv.V6, Tiers: tiers(t.ctx.Profile), PodAddrs: addrs,
	}
	o.place(m)
	if !addrs.Empty() || len(o.PodIPs) > 0 {
		m.V4, m.V6 = usesFamily(m, algebra.IPv4), usesFamily(m, algebra.IPv6)
	}
	m.Problems = append(m.Problems, snap.Problems...)
	m.Problems = append(m.Problems, inv.Problems...)
	m.Gaps = append(m.Gaps, inv.Gaps...)
	for _, o := range snap.Objects {
		if err := t.add(m, o); err != nil {
			return nil, err
		}
	}
	for i := range snap.Broken {
		if err := t.addBroken(m, &snap.Broken[i]); err != nil {
			return nil, err
		}
	}
	passcover.Add(m)
	settleTemplates(m)
	o.place(m) // those of a StatefulSet are told apart now
	t.assemble(m, snap, o)
	m.Problems = append(m.Problems, o.unusedPods(m)...)
	return m, nil
}

// usesFamily tells whether a family is stated for pods or known of an endpoint.
func usesFamily(m *model.Model, f algebra.Family) bool {
	return !m.PodAddrs.In(f).Empty() || slices.ContainsFunc(m.Endpoints, func(e model.Endpoint) bool {
		return slices.ContainsFunc(e.IPs, func(ip netip.Addr) bool { return ip.Is4() == (f == algebra.IPv4) })
	})
}

// tiers are the tiers of the three APIs of layers 3 and 4, behind one for what the
// implementation does by itself where it does something. Pass of each tier goes to the
// next, of the baseline tier to the end.
func tiers(p *model.Profile) []model.Tier {
	tie := p.Ties.Undefined(model.Origin{})
	out := []model.Tier{
		{Name: model.TierAdmin, Tie: p.Ties.Value, TieReason: tie},
		{Name: model.TierNetworkPolicy, Tie: model.TieUnion, DenyAtEnd: p.DenyAtEnd.Value},
		{Name: model.TierBaseline, Tie: p.Ties.Value, TieReason: tie},
	}
	if p.CoveredPass.Value {
		out = append([]model.Tier{{Name: model.TierDeviation, Tie: p.Ties.Value, TieReason: tie}}, out...)
	}
	for i := range out {
		out[i].PassTo = i + 1
	}
	return out
}

// add translates one object into the model.
func (t *translation) add(m *model.Model, o *model.Object) error {
	tr := t.byKind[kindKey(o.APIVersion, o.Kind)]
	if tr == nil || o.Cluster != "" {
		return nil
	}
	info := tr.Info()
	if !t.enabled[info.Name] {
		m.Problems = append(m.Problems, t.noEffect(o, info))
		return nil
	}
	out := tr.Translate(t.ctx, o)
	m.Problems = append(m.Problems, out.Problems...)
	m.Gaps = append(m.Gaps, out.Gaps...)
	return place(m, out.Policies)
}

func place(m *model.Model, policies []model.Placed) error {
	for _, p := range policies {
		i := m.TierIndex(p.Tier)
		if i < 0 {
			return fmt.Errorf("%s: a policy for the tier %q, which the model does not have", p.Policy.Origin, p.Tier)
		}
		m.Tiers[i].Policies = append(m.Tiers[i].Policies, p.Policy)
	}
	return nil
}

func (t *translation) noEffect(o *model.Object, info policyapi.Info) model.Problem {
	why := t.ctx.Profile.APIReasons[info.Name]
	p := model.Problem{Severity: model.Warning, File: o.File, Line: int(o.Line), Object: o.Ref,
		Message: fmt.Sprintf("has no effect: %s does not enforce %s", t.ctx.Profile.Name, info.Title)}
	if why.Text != "" {
		p.Hint = why.Text
	}
	return p
}

// addBroken bounds what a document that could not be read may do: of the APIs
// that it may belong to, each adds what it might say.
func (t *translation) addBroken(m *model.Model, b *model.Broken) error {
	for _, tr := range all.All() {
		info := tr.Info()
		if !t.enabled[info.Name] || !mayBe(info, b) {
			continue
		}
		if err := place(m, tr.Broken(t.ctx, b)); err != nil {
			return err
		}
	}
	return nil
}

func mayBe(info policyapi.Info, b *model.Broken) bool {
	for _, k := range info.Kinds {
		if b.Kind == "" || b.Kind == k.Kind {
			return true
		}
	}
	return false
}
