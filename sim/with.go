package sim

import "github.com/netfate/netfate/sim/model"

// With returns the simulator of another snapshot under the same assumptions. The
// error is that of New.
func (s *Simulator) With(snap *model.Snapshot) (*Simulator, error) { return New(snap, s.opts) }
