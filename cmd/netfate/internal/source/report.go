package source

import (
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/reports"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

// shownProblems is how many errors are listed before the rest is counted.
const shownProblems = 20

// Report tells on standard error what is wrong with the input of simulators, and
// which kinds nobody reads. It returns the error to end with.
func (f *Flags) Report(s *cli.Streams, sims ...*sim.Simulator) error {
	var in reports.Input
	for _, x := range sims {
		in.Add(x.Problems(), x.Model().Gaps, x.Snapshot().Unread)
	}
	if !f.Single && len(sims) > 0 {
		in.Add(sims[0].LeftOut(), nil, nil)
	}
	return f.report(s, &in)
}

// ReportSnapshot is Report for a snapshot that is not compiled.
func (f *Flags) ReportSnapshot(s *cli.Streams, snap *model.Snapshot) error {
	var in reports.Input
	in.Add(snap.Problems, nil, snap.Unread)
	return f.report(s, &in)
}

func (f *Flags) report(s *cli.Streams, in *reports.Input) error {
	limit := shownProblems
	if f.AllProblems {
		limit = 0
	}
	if err := reports.Problems(s.Err, in, limit, s.ErrPalette()); err != nil {
		return err
	}
	if in.Errors() > 0 {
		return exit.With(exit.Failure)
	}
	return nil
}
