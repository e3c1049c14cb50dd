package sim

import (
	"context"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/routing"
)

// Simulator answers questions about one snapshot under one profile. It is safe
// for concurrent use.
type Simulator struct {
	snap    *model.Snapshot
	opts    Options
	tr      *translation
	m       *model.Model
	engine  *engine.Engine
	routes  *routing.Index
	fams    []algebra.Family // that the cluster uses
	names   *names
	l7      *layer7 // nil: no mesh and no gateways
	targets rooms
	// parent and affected are set by Apply where the classes are the parent's.
	parent   *Simulator
	affected engine.Affected
}

// Load collects the sources; see collect.Collect for what they may be. Kinds
// defaults to all that netfate reads.
func Load(ctx context.Context, o collect.Options) (*model.Snapshot, error) {
	if o.Kinds == nil {
		o.Kinds = Kinds()
	}
	return collect.Collect(ctx, o)
}

// New translates and compiles a snapshot. The error is for options that cannot
// be met, such as an unknown network; what is wrong with objects is in Problems.
func New(snap *model.Snapshot, o Options) (*Simulator, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	p, err := resolveProfile(snap, o.Network)
	if err != nil {
		return nil, err
	}
	t := newTranslation(p, o.Lenient)
	m, err := buildModel(snap, t, o)
	if err != nil {
		return nil, err
	}
	return newSimulator(snap, o, t, m, engine.Compile(m))
}

func newSimulator(snap *model.Snapshot, o Options, t *translation, m *model.Model, e *engine.Engine) (*Simulator, error) {
	routes := routing.NewIndex(m)
	layer, err := newLayer7(m, routes)
	if err != nil {
		return nil, err
	}
	return &Simulator{snap: snap, opts: o, tr: t, m: m, engine: e, routes: routes, fams: familiesOf(m), names: newNames(m), l7: layer}, nil
}

// Model returns the model; it must not be changed.
func (s *Simulator) Model() *model.Model { return s.m }

// Engine returns the compiled engine.
func (s *Simulator) Engine() *engine.Engine { return s.engine }

// Snapshot returns what the simulator was made from.
func (s *Simulator) Snapshot() *model.Snapshot { return s.snap }

// Profile returns the implementation that is simulated.
func (s *Simulator) Profile() *model.Profile { return s.m.Profile }

// Problems returns what is wrong with the input, in the order it was read.
func (s *Simulator) Problems() []model.Problem { return s.m.Problems }
