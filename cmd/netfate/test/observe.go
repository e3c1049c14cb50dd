package test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/scenarios"
	"github.com/netfate/netfate/sim/model"
)

// observe opens the cluster and puts it into the options. end closes it.
func (f *flags) observe(ctx context.Context, s *cli.Streams, o *scenarios.Options) (end func(context.Context) error, err error) {
	if f.concurrency > 1 {
		return nil, errors.New("--concurrency is for the simulator: a cluster holds one snapshot at a time")
	}
	p, err := f.where.Open(ctx, s, f.source.Network, f.source.Context, f.source.Kubeconfig, f.source.Values)
	if err != nil {
		return nil, err
	}
	o.Mode, o.Cluster, o.MaxPairs = scenarios.Live, p.Bench, f.maxPairs
	if f.both {
		o.Mode = scenarios.Both
	}
	o.Network = p.Profile
	if f.observed != "" {
		n := 0
		o.Observed = func(h observation.Header, _ *model.Snapshot, records []observation.Record) error {
			n++
			if err := os.MkdirAll(f.observed, 0o755); err != nil { //nolint:gosec // as any new directory
				return err
			}
			name := filepath.Join(f.observed, fmt.Sprintf("%02d.jsonl", n))
			return cli.WriteFile(ctx, name, true, func(w io.Writer) error { return observation.Write(w, h, records) })
		}
	}
	return p.Close, nil
}
