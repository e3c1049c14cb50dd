package engine

import (
	"encoding/binary"
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Engine answers questions about one model. It is safe for concurrent use once
// compiled.
type Engine struct {
	m     *model.Model // what was compiled; after a change, all but the policies still holds
	after *changed     // the model after a change, nil before
	c     *classes
	r     *resolver
	cuts  *cutter
	in    *algebra.Interner
	rows  [2]rowTable // by direction
	list  [2]compiledList
	added [2][]*policy // by later changes
	// rowCount is how many rows were made, over all changes.
	rowCount int
	// work counts what compiling went through: boundaries of rows, and classes
	// of subjects. It is for tests of how the cost grows.
	work     int
	position int // the next policy's position: those of a tier come in the order they were added
}

// builder holds what compiling needs besides its result.
type builder struct {
	m          *model.Model
	c          *classes
	r          *resolver
	in         *algebra.Interner
	sweep      *sweeper
	nextRow    int // the next row's number
	listed     int // how many classes the subjects of policies hold
	all        algebra.Set
	everywhere algebra.AddrSet
	domain     algebra.Set // of the policy before, and the connections beyond it
	beyond     algebra.ID
	matches    []match   // buffer
	found      []variant // the same
	policies   slab[policy]
	ruleLists  slab[[]variant]
	variants   slab[variant]
	entries    slab[entry]
	lists      slab[*policy]
	rows       slab[row]
}

// Compile prepares a model for questions. The model must not be changed afterwards.
func Compile(m *model.Model) *Engine {
	c, cuts := buildClasses(m)
	e := &Engine{m: m, c: c, r: newResolver(m, c), cuts: cuts, in: algebra.NewInterner()}
	b := e.builder(e.in, compileChunk)
	var all [2][]*policy
	for t := range m.Tiers {
		for _, p := range m.Tiers[t].Policies {
			if compiled := b.compilePolicy(p, t, e.position); compiled != nil {
				all[p.Direction] = append(all[p.Direction], compiled)
			}
			e.position++
		}
	}
	for d, policies := range all {
		slices.SortFunc(policies, comparePolicies)
		e.list[d] = newCompiledList(policies)
		e.rows[d] = b.buildRows(policies)
	}
	e.rowCount, e.work = b.nextRow, b.sweep.work+b.listed
	return e
}

// compileChunk is how many runs are allocated at once where all rows are made.
const compileChunk = 1 << 14

// builder returns a builder that allocates room for so many runs at once, or
// only what is needed if chunk is 0.
func (e *Engine) builder(in *algebra.Interner, chunk int) *builder {
	b := &builder{m: e.m, c: e.c, r: e.r, in: in, sweep: newSweeper(in, chunk), nextRow: e.rowCount, everywhere: algebra.AllAddrs()}
	if n := len(e.c.list); n > 0 {
		b.all = algebra.Of(0, uint32(n-1))
	}
	if chunk > 0 {
		b.policies.chunk, b.ruleLists.chunk, b.variants.chunk, b.entries.chunk, b.lists.chunk, b.rows.chunk = 256, 256, 256, 1024, 1024, 128
	}
	return b
}

// traffic returns the connections of a rule's traffic for a receiver with the
// given named ports, in some families.
func (b *builder) traffic(t *model.Traffic, ports []model.NamedPort, fam uint8) algebra.ID {
	if t.Any {
		return b.family(algebra.AllID, fam)
	}
	if len(t.Named) > 0 {
		return b.family(b.in.ID(t.Resolve(ports)), fam)
	}
	return b.family(b.in.ID(t.Conns), fam)
}

func (b *builder) family(id algebra.ID, fam uint8) algebra.ID {
	switch fam {
	case famV4:
		return b.in.Intersect(id, b.in.ID(algebra.FamilyConns(algebra.IPv4)))
	case famV6:
		return b.in.Intersect(id, b.in.ID(algebra.FamilyConns(algebra.IPv6)))
	}
	return id
}

// buildRows gives every class its row; classes selected by the same policies
// share one.
func (b *builder) buildRows(policies []*policy) rowTable {
	lists, start := b.policyLists(policies)
	rows := newRowTable(len(b.c.list))
	shared := map[string]*row{}
	var key []byte
	for k := range b.c.list {
		list := lists[start[k]:start[k+1]]
		ports := int32(-1)
		key = key[:0]
		for _, p := range list {
			key = binary.LittleEndian.AppendUint32(key, uint32(p))
			if policies[p].named {
				ports = b.c.list[k].ports
			}
		}
		key = binary.LittleEndian.AppendUint32(key, uint32(ports))
		r, ok := shared[string(key)]
		if !ok {
			mine := b.lists.take(len(list))
			for i, p := range list {
				mine[i] = policies[p]
			}
			r = b.row(mine, ports)
			shared[string(key)] = r
		}
		rows.put(uint32(k), r)
	}
	return rows
}

// policyLists returns, for every class, the indices of the policies that select
// it: lists[start[k]:start[k+1]], in order.
func (b *builder) policyLists(policies []*policy) (lists, start []int32) {
	start = make([]int32, len(b.c.list)+1)
	for _, p := range policies {
		for k := range p.subject.Values() {
			start[k+1]++
		}
	}
	for k := range b.c.list {
		start[k+1] += start[k]
	}
	lists = make([]int32, start[len(b.c.list)])
	b.listed += len(lists)
	next := slices.Clone(start)
	for i, p := range policies {
		for k := range p.subject.Values() {
			lists[next[k]] = int32(i)
			next[k]++
		}
	}
	return lists, start
}

// row makes the row of a list of policies, which is in comparePolicies' order.
func (b *builder) row(policies []*policy, ports int32) *row {
	var named []model.NamedPort
	if ports >= 0 {
		named = b.c.portSets[ports]
	}
	r := b.rows.one()
	*r = row{id: b.nextRow, policies: policies, ports: ports, prog: b.program(policies, named)}
	b.nextRow++
	b.sweep.fill(r, uint32(len(b.c.list)))
	return r
}
