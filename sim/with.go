package sim

import "github.com/netfate/netfate/sim/model"

// With returns the simulator of another snapshot under the same assumptions. The
// error is that of New.
func (s *Simulator) With(snap *model.Snapshot) (*Simulator, error) { return New(snap, s.opts) }

// WithMesh is With under another profile of the mesh ("" keeps it).
func (s *Simulator) WithMesh(snap *model.Snapshot, mesh string) (*Simulator, error) {
	o := s.opts
	if mesh != "" {
		o.Mesh = mesh
	}
	return New(snap, o)
}
