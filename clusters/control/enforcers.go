package control

import (
	"context"
	"fmt"
	"time"

	"github.com/netfate/netfate/clusters/observation"
)

// statusLag is how long the API may take to tell that a container died: the kubelet looks every second (its pod
// lifecycle event generator's period), and then writes the pod's status.
const statusLag = 3 * time.Second

// enforcement is what Options.Enforcers said at one time.
type enforcement struct {
	state string
	err   error
}

func (r *round) enforcers(ctx context.Context) enforcement {
	if r.c.o.Enforcers == nil {
		return enforcement{}
	}
	state, err := r.c.o.Enforcers(ctx)
	return enforcement{state, err}
}

// outlast waits until a death that could have made all attempts of a failed probe fail is known: one that came at the
// latest while the first of them was under way. The attempts after a timeout mostly take longer than that.
func (r *round) outlast(ctx context.Context) {
	if r.c.o.Enforcers == nil {
		return
	}
	var until time.Time
	for i := range r.records {
		rec := &r.records[i]
		if known := rec.Started.Add(r.c.o.Timeout + statusLag); failed(rec) && known.After(until) {
			until = known
		}
	}
	sleep(ctx, time.Until(until)) // a context that ended is seen by whoever asks next
}

// failed tells a record that could count as denied.
func failed(rec *observation.Record) bool {
	return rec.Result != observation.Connected && rec.Result != observation.Inconclusive
}

// unsteady says why what failed between two looks at the enforcers cannot be laid to policies.
func unsteady(before, after enforcement) string {
	switch {
	case before.err != nil:
		return fmt.Sprintf("before the probe, what enforces policies was not whole: %v", before.err)
	case after.err != nil:
		return fmt.Sprintf("after the probe, what enforces policies was not whole: %v", after.err)
	case before.state != after.state:
		return "what enforces policies was restarted while it was probed"
	}
	return ""
}
