package scenarios

import (
	"io"
	"io/fs"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

// Format is how results are written.
type Format string

// The formats.
const (
	Terminal Format = "terminal"
	JSON     Format = "json" // one object a step, one a line
)

// Options say what to run and how.
type Options struct {
	// Paths are .feature files, one scenario of a file as "file.feature:LINE",
	// and directories, which are searched for .feature files.
	Paths []string
	// FS holds features and manifests; nil is the disk.
	FS fs.FS
	// Sources are the manifests of scenarios that name none.
	Sources []string
	// Snapshot, if set, is used instead where neither a scenario nor Sources
	// name manifests: that of a live cluster.
	Snapshot *model.Snapshot
	// Network overrides what scenarios say; "" leaves it to them.
	Network string
	// PodCIDRs are the addresses of pods that have none in the manifests, for
	// scenarios that do not say.
	PodCIDRs []string
	// Mesh is the mesh's profile; "" is what the manifests show.
	Mesh string
	// GatewayPods are the pods that carry a gateway's traffic, as in sim.Options.
	GatewayPods map[string]string
	// Lenient takes unknown fields of manifests as warnings.
	Lenient bool
	// Tags selects scenarios, such as "@shop && ~@slow".
	Tags string
	// Format is Terminal when empty.
	Format Format
	// Output receives the results, Errors what is wrong with the manifests.
	// Nil discards.
	Output, Errors io.Writer
	// Color allows colours in the output, ASCII only avoids characters beyond it.
	Color, ASCII bool
	// Collect is how manifests are read; its Sources are not used.
	Collect collect.Options
	// AllowUndetermined lets a run pass whose only failures are undetermined.
	AllowUndetermined bool
	// Concurrency is how many scenarios run at once, one when zero.
	Concurrency int
	// Mode says what judges statements, the simulator when empty. Live and Both need
	// Cluster. MaxPairs bounds how many pairs one statement probes, 400 when zero.
	Mode     Mode
	Cluster  Cluster
	MaxPairs int
	// Observed, if set, is given all that was observed of a snapshot.
	Observed func(observation.Header, *model.Snapshot, []observation.Record) error
	// Explain, if set, writes the verdict of a failure; otherwise a compact form is written.
	Explain func(io.Writer, *sim.Simulator, model.Flow, model.Verdict)
}

func (o *Options) output() io.Writer {
	if o.Output == nil {
		return io.Discard
	}
	return o.Output
}

func (o *Options) errors() io.Writer {
	if o.Errors == nil {
		return io.Discard
	}
	return o.Errors
}
