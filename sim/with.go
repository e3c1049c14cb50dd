package sim

import (
	"net/netip"

	"github.com/netfate/netfate/sim/model"
)

// With returns the simulator of another snapshot under the same assumptions. The
// error is that of New.
func (s *Simulator) With(snap *model.Snapshot) (*Simulator, error) { return New(snap, s.opts) }

// WithObserved is With for a cluster whose mesh ("" keeps it) and addresses of pods were
// seen.
func (s *Simulator) WithObserved(snap *model.Snapshot, mesh string, ips map[string][]netip.Addr) (*Simulator, error) {
	o := s.opts
	if mesh != "" {
		o.Mesh = mesh
	}
	if len(ips) > 0 {
		o.PodIPs = ips
	}
	return New(snap, o)
}
