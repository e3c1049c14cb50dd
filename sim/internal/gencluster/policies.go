package gencluster

import (
	"fmt"
	"math/rand/v2"

	"github.com/netfate/netfate/sim/model"
)

// policy is a NetworkPolicy. A direction without rules is not listed, one with
// an empty list isolates.
type policy struct {
	namespace, name string
	subject         selector
	in, out         []rule
}

type rule struct {
	peers []peer
	ports []port
}

// peer has a block, or selectors of pods and namespaces of which either may be absent.
type peer struct {
	pods, namespaces *selector
	cidr, except     string
}

type port struct {
	protocol string
	name     string
	lo, hi   int
}

// selector is a conjunction.
type selector []term

type term struct {
	op     model.Op
	key    string
	values []string
}

func has(key, value string) selector { return selector{{model.OpIn, key, []string{value}}} }

func (s selector) ptr() *selector { return &s }

type gen struct {
	r     *rand.Rand
	size  Size
	teams int
}

func (g *gen) app() selector { return has("app", fmt.Sprintf("app%d", g.r.IntN(g.size.Apps))) }

func (g *gen) tier() selector { return has("tier", tiers()[g.r.IntN(4)]) }

func (g *gen) env() selector { return has("env", fmt.Sprintf("env%d", g.r.IntN(environments))) }

func tcp(lo, hi int) []port { return []port{{"TCP", "", lo, hi}} }

func one(ports []port, peers ...peer) []rule { return []rule{{peers, ports}} }

func samePods() peer { return peer{pods: &selector{}} }

// policy returns the j-th policy of the i-th namespace; its kind is that of j.
func (g *gen) policy(ns string, i, j int) policy {
	p := policy{namespace: ns}
	kind := ""
	switch j % 10 {
	case 0:
		kind, p.in, p.out = "default-deny", []rule{}, []rule{}
	case 1:
		kind, p.subject, p.in = "same-ns", has("tier", "frontend"), one(nil, samePods())
	case 2:
		kind, p.out = "dns", one([]port{{"UDP", "", 53, 53}, {"TCP", "", 53, 53}},
			peer{namespaces: has(model.NameLabel, dnsNamespace).ptr(), pods: has("k8s-app", "kube-dns").ptr()})
	case 3:
		kind, p.subject = "tier", g.tier()
		p.in, p.out = one(tcp(8080, 8080), peer{pods: g.tier().ptr()}), one(nil, samePods())
	case 4:
		kind, p.subject = "team", g.app()
		p.in = one(tcp(8080, 8080), peer{namespaces: has("team", fmt.Sprintf("team%d", g.r.IntN(g.teams))).ptr()})
		p.out = one(nil, peer{namespaces: has("team", fmt.Sprintf("team%d", i%g.teams)).ptr()})
	case 5:
		kind, p.subject = "ext", has("tier", "backend")
		p.out = one(tcp(443, 443), peer{cidr: "198.18.0.0/15", except: fmt.Sprintf("198.18.%d.0/24", g.r.IntN(256))})
	case 6:
		kind = "expr"
		g.expressions(&p)
	case 7:
		kind, p.subject = "named", g.app()
		p.in = one([]port{{"TCP", "metrics", 0, 0}}, peer{namespaces: &selector{}, pods: g.app().ptr()})
	case 8:
		kind, p.subject = "range", g.tier()
		p.in = one(tcp(8000, 8080+g.r.IntN(1000)), samePods())
		p.out = one(tcp(8080, 9100), peer{namespaces: g.env().ptr()})
	default:
		kind, p.subject = "app", g.app()
		p.in = one(tcp(8080, 8080), peer{pods: g.app().ptr()},
			peer{namespaces: has("env", fmt.Sprintf("env%d", i%environments)).ptr(), pods: g.app().ptr()})
	}
	p.name = fmt.Sprintf("p%03d-%s", j, kind)
	return p
}

func (g *gen) expressions(p *policy) {
	p.subject = selector{{model.OpIn, "tier", []string{"cache", "db"}}, {model.OpExists, "app", nil}}
	p.in = one(tcp(8080, 8080), peer{
		namespaces: &selector{{model.OpNotIn, "env", g.env()[0].values}},
		pods:       &selector{{model.OpNotIn, "tier", []string{"frontend"}}},
	})
}
