package passcover

import (
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

func tcp(lo, hi uint16) model.Traffic {
	return model.Traffic{Conns: algebra.Ports(algebra.TCP, lo, hi), Ranges: lo < hi && hi-lo < 65535}
}

// TestCover has the keys of two rules: which of the one those of the other cover.
func TestCover(t *testing.T) {
	anything, all := model.Traffic{Any: true}, tcp(0, 65535)
	named := model.Traffic{Named: []model.PortName{{Name: "web"}}}
	const none, sure, open = "none", "sure", "open"
	for name, c := range map[string]struct {
		pass, other model.Traffic
		equal       bool
		want        string
	}{
		"everything by everything of every peer": {anything, anything, true, sure},
		"everything by everything of one peer":   {anything, anything, false, none},
		"everything by a port":                   {anything, tcp(80, 80), true, none},
		"a port by everything of one peer":       {tcp(80, 80), anything, false, sure},
		"a port by its protocol":                 {tcp(80, 80), all, false, sure},
		"a protocol by a port":                   {all, tcp(80, 80), true, none},
		"a protocol by itself, of every peer":    {all, all, true, sure},
		"a protocol by itself, of one peer":      {all, all, false, none},
		"a port by itself, of every peer":        {tcp(80, 80), tcp(80, 80), true, sure},
		"a port by itself, of one peer":          {tcp(80, 80), tcp(80, 80), false, none},
		"a port by a range, of every peer":       {tcp(80, 80), tcp(80, 81), true, sure},
		"a port by a range, of one peer":         {tcp(80, 80), tcp(80, 81), false, open},
		"a range by a port of its":               {tcp(80, 81), tcp(80, 80), true, open},
		"a port by another":                      {tcp(80, 80), tcp(81, 81), true, none},
		"a port by name by everything":           {named, anything, false, sure},
		"a port by name by one by number":        {named, tcp(80, 80), true, open},
		"a port of UDP by TCP":                   {model.Traffic{Conns: algebra.Ports(algebra.UDP, 80, 80)}, all, true, none},
	} {
		got := none
		s, o := cover(&c.pass, &c.other, c.equal)
		if !empty(&s) {
			got = sure
		}
		if !empty(&o) {
			got = open
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestMany: beyond the bound on pairs what the Pass matches is left open, and nothing else is said.
func TestMany(t *testing.T) {
	pods := []model.Peer{{Pods: &model.Selector{}}}
	m := &model.Model{Profile: &model.Profile{}}
	pass := placed{policy: &model.Policy{}, rule: &model.Rule{Action: model.Pass, Peers: pods, Traffic: model.Traffic{Any: true}}}
	open := placed{policy: &model.Policy{}, rule: &model.Rule{AnyPeer: true, Traffic: model.Traffic{Any: true}}, tier: model.TierNetworkPolicy}
	for most, want := range map[int]bool{100: false, 1: true} {
		f := finder{m: m, pass: pass, earlier: []placed{open}, most: most}
		got := f.find()
		if len(got) != 1 || (got[0].Rules[0].Uncertain != nil) != want || got[0].Rules[0].Action != model.Deny {
			t.Errorf("at most %d: %d policies, the first %+v", most, len(got), got[0].Rules[0])
		}
	}
}
