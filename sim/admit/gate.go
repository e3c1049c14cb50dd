package admit

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/mesh"
	"github.com/netfate/netfate/sim/model"
)

// Knock is how a client arrives at a pod of a gateway.
type Knock struct {
	Port          uint16     // of the pod
	Peer, Local   netip.Addr // of the connection; invalid where they are not known
	Client        netip.Addr // whom the pod takes for the client, invalid where that is not known
	Stream        bool       // a listener that sees no requests takes it
	Family        algebra.Family
	CertifiedOpen bool // the client may have an identity by a certificate
}

// AtGateway returns which requests the mesh's policies at a gateway's pod let on to its
// routes, and why that is open; in is what stands there.
func (t *Table) AtGateway(pod int, in mesh.Inbound, k Knock) (Bounds, []model.Reason) {
	d := &dest{rep: pod, chains: t.chainsOf(pod)}
	a := &arrival{t: t, d: d, s: &span{low: k.Port, high: k.Port, in: in}, family: k.Family, from: [2]identity{{"", k.Peer}, {"", k.Peer}}}
	if !k.Stream {
		a.client = &k.Client
	}
	out := a.authorized(false, k.Stream).requests
	if k.CertifiedOpen && !out.Sure.IsAll() {
		out = constant(t.sp, algebra.Maybe)
	}
	return out, a.p.reasons
}

// Forwarded returns the requests that are in b once a gateway has taken out the tokens
// that it has validated; rules are those that it validates.
func (t *Table) Forwarded(b Bounds, rules []model.TokenRule) Bounds {
	if len(rules) == 0 || !slices.ContainsFunc(rules, func(r model.TokenRule) bool { return !r.Forward }) {
		return b
	}
	r := NewRoutes(t.sp)
	bare := b
	for _, dim := range slices.Concat(t.sp.Dims(b.Sure), t.sp.Dims(b.May)) {
		if dim == request.Token || dim == request.Audiences || dim == request.Presenter || strings.HasPrefix(dim, request.Claim) {
			bare = r.given(bare, dim, request.Absent())
		}
	}
	kept := both(t.sp.Union(t.sp.Absent(request.Token), t.preflight()))
	taken := bare
	if slices.ContainsFunc(rules, func(r model.TokenRule) bool { return r.Forward }) { // of some issuers
		taken = bare.either(t.sp, b)
	}
	return b.and(t.sp, kept).or(t.sp, taken.and(t.sp, kept.not(t.sp)))
}
