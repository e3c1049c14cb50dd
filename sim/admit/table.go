package admit

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/mesh"
	"github.com/netfate/netfate/sim/model"
)

// Passage is what gets through to a range of an endpoint's TCP ports.
type Passage struct {
	Low, High uint16
	Requests  Bounds
	// Shown are the requests as the policies write them, with paths that none has
	// once it is normalised: for people to read.
	Shown    Bounds
	Plain    algebra.Tri // connections that are no requests to a proxy; on a port that speaks HTTP: No
	Protocol model.PortProtocol
	// Reasons are why it is open what gets through; none where nothing is.
	Reasons []model.Reason
}

// All tells whether everything gets through for certain.
func (p *Passage) All() bool {
	return p.Requests.Sure.IsAll() && p.Plain == algebra.Yes
}

// Some tells whether something gets through: for certain, perhaps, or nothing does.
func (p *Passage) Some() algebra.Tri {
	switch {
	case !p.Requests.Sure.IsEmpty() || p.Plain == algebra.Yes:
		return algebra.Yes
	case !p.Requests.May.IsEmpty() || p.Plain == algebra.Maybe:
		return algebra.Maybe
	}
	return algebra.No
}

// ID names a list of passages of a Table: equal IDs are equal lists, but for the
// reasons.
type ID int32

// Everything is the ID of the list without a passage: all gets through.
const Everything ID = 0

// Table answers for one model. It is not safe for concurrent use.
type Table struct {
	sp     *request.Space
	paths  request.Set // requests with a path that is normalised
	m      *model.Model
	view   *mesh.View
	chains Chains
	c      *compiler
	byPeer bool // policies look at clients' addresses
	// byLocal: policies look at endpoints' own addresses; byAddress: it depends on
	// them what clients' proxies do.
	byLocal, byAddress bool
	cuts               []uint32

	clients     []*client // by endpoint
	groups      []group
	subsets     map[int][]string // that routes send to, by Service
	groupIDs    map[string]int32
	identities  []identity
	identityIDs map[identity]int32
	byPrincipal map[string][]int32
	dests       []*dest // by endpoint
	destIDs     map[string]*dest
	chainIDs    map[string]*chains
	classIDs    map[class]int
	onClients   map[string]*onClient
	lists       [][]Passage
	listIDs     map[string]ID
}

// question is what a destination's answer depends on.
type question struct {
	group, mutual, plain int32
	family               algebra.Family
}

// Chains are the policies of proxies: for requests those of external authorizers,
// which are asked before tokens are looked at, and the others; and for streams.
type Chains struct{ Custom, Requests, Streams *l7.Chain }

// NewTable returns a table for a model with a mesh. Its sets are of sp, which is of
// NewSpace; tables of one space may be compared, and one goroutine uses them.
func NewTable(sp *request.Space, m *model.Model, view *mesh.View, c Chains) *Table {
	t := &Table{sp: sp, m: m, view: view, chains: c, c: newCompiler(sp),
		clients: make([]*client, len(m.Endpoints)), dests: make([]*dest, len(m.Endpoints)),
		groups: []group{{rep: direct}}, groupIDs: map[string]int32{"": 0}, identityIDs: map[identity]int32{}, byPrincipal: map[string][]int32{},
		destIDs: map[string]*dest{}, chainIDs: map[string]*chains{}, classIDs: map[class]int{}, onClients: map[string]*onClient{}, lists: [][]Passage{nil}, listIDs: map[string]ID{}}
	t.cuts, t.paths = view.ClientCuts(), sp.Atom(request.Path, normalized(m.Mesh.Normalize))
	t.byAddress, t.subsets = view.ByAddress(), routedSubsets(m.Mesh)
	Leaves(m.Mesh, func(x *model.Cond) {
		t.byLocal = t.byLocal || x.Attr == model.AttrLocalAddr
		t.byPeer = t.byPeer || x.Attr == model.AttrPeerAddr || x.Attr == model.AttrRemoteAddr
	})
	return t
}

// FamiliesAlike tells whether every answer is the same for both families.
func (t *Table) FamiliesAlike() bool { return !t.byPeer && !t.byLocal && !t.byAddress }

// Space returns the space of the table's sets.
func (t *Table) Space() *request.Space { return t.sp }

// Paths returns the requests with a path that is normalised.
func (t *Table) Paths() request.Set { return t.paths }

// pathsOf returns the requests with a path as the policies of a destination may see it.
func (t *Table) pathsOf(in *mesh.Inbound) request.Set {
	if in.Proxyless && !t.m.Mesh.Proxyless.Normalized {
		return t.sp.All()
	}
	return t.paths
}

// Passages returns a list by its ID, by ports in order; it must not be changed.
func (t *Table) Passages(id ID) []Passage { return t.lists[id] }

// Between returns what gets through from a client to an endpoint in one family.
func (t *Table) Between(from Client, to int, f algebra.Family) ID {
	c, d := t.client(from), t.dest(to)
	q := question{group: c.group, mutual: t.signature(d, c.mutual[f]), plain: t.signature(d, c.plain[f])}
	if t.byFamily(d) {
		q.family = f
	}
	id, known := d.memo[q]
	if !known {
		id = t.answer(c, d, f)
		d.memo[q] = id
	}
	return id
}

// byFamily tells whether the answer may differ between families beside what the
// signature of the client says.
func (t *Table) byFamily(d *dest) bool { return d.local[0].IsValid() || d.local[1].IsValid() }

// answer computes a list.
func (t *Table) answer(c client, d *dest, f algebra.Family) ID {
	var list []Passage
	for i := range d.spans {
		s := &d.spans[i]
		a := &arrival{t: t, d: d, s: s, family: f, from: [2]identity{t.identities[c.plain[f]], t.identities[c.mutual[f]]}}
		list = appendPassage(list, a.passage(c.group))
	}
	return t.intern(list)
}

// passage is what gets through by any way.
func (a *arrival) passage(g int32) Passage {
	t := a.t
	out := t.nothing()
	for _, w := range distinct(t.ways(g, a.d, a.s, a.family)) {
		out = t.union(out, a.by(w))
	}
	if x := &t.groups[g]; x.sidecar == algebra.Maybe {
		a.p.open(*x.reason)
		out = t.either(out, a.sent(past()))
	}
	return a.told(out)
}

// told is the passage of what gets through.
func (a *arrival) told(out let) Passage {
	t := a.t
	p := Passage{Low: a.s.low, High: a.s.high, Requests: out.requests.real(t.sp, t.pathsOf(&a.s.in)), Shown: out.requests, Plain: out.plain}
	if in := &a.s.in; in.Sidecar != algebra.No && !in.Bypass && in.Protocol == model.PortHTTP {
		p.Plain = algebra.TriOf(p.Requests.Sure.IsAll()) // all there is to let in
	}
	if !p.Requests.Settled() || p.Plain == algebra.Maybe {
		p.Reasons = a.p.reasons
	}
	return p
}

// appendPassage joins a passage with the one before where they say the same.
func appendPassage(list []Passage, p Passage) []Passage {
	if n := len(list) - 1; n >= 0 && list[n].Requests == p.Requests && list[n].Plain == p.Plain {
		list[n].High = p.High
		return list
	}
	return append(list, p)
}

// intern numbers a list.
func (t *Table) intern(list []Passage) ID {
	if len(list) == 1 && list[0].All() {
		return Everything
	}
	var key strings.Builder
	for i := range list {
		p := &list[i]
		fmt.Fprint(&key, p.Low, p.Requests, p.Plain, ";")
	}
	id, known := t.listIDs[key.String()]
	if !known {
		id = ID(len(t.lists))
		t.listIDs[key.String()] = id
		t.lists = append(t.lists, list)
	}
	return id
}
