package control

import (
	"context"
	"time"
)

// Options say how to probe. Zero values have the defaults in brackets.
type Options struct {
	Sources  int           // sources that probe at a time (24)
	Parallel int           // probes of one source under way at a time (100), twice that when they are tried again
	Timeout  time.Duration // of a probe's first attempt (1 s); each further one has twice that of the one before
	Attempts int           // how often a probe is tried until it connects (3); all that failed are tried again when the others are done
	Backoff  time.Duration // before the second attempts (200 ms), then twice that, and so on
	// Sessions is how often a session is opened for the same probes (3), after SessionBackoff (500 ms), then twice that.
	Sessions       int
	SessionBackoff time.Duration
	// Rounds is how often flows are tried that are inconclusive for a reason that may pass (2): a session that broke, an
	// agent that was restarted or stood still.
	Rounds int
	// Silence is how long a session may report nothing beyond what its probes may take (20 s).
	Silence time.Duration
	// Enforcers, if set, describes what enforces policies as it is now, such as the network's node agents: a text that
	// is another one after a restart, or the error that something of it is not up. Failures between two answers that
	// differ are inconclusive: a network whose agent died may drop what policies allow.
	Enforcers func(ctx context.Context) (string, error)
	// Unchecked leaves out the vital signs and the enforcers: for probes whose denials are checked otherwise.
	Unchecked bool
	// Progress, if set, is told how many of the flows are done. Calls do not overlap.
	Progress func(done, all int)
}

func (o Options) withDefaults() Options {
	number := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	duration := func(v *time.Duration, d time.Duration) {
		if *v <= 0 {
			*v = d
		}
	}
	number(&o.Sources, 24)
	number(&o.Parallel, 100)
	number(&o.Attempts, 3)
	number(&o.Sessions, 3)
	number(&o.Rounds, 2)
	duration(&o.Timeout, time.Second)
	duration(&o.Backoff, 200*time.Millisecond)
	duration(&o.SessionBackoff, 500*time.Millisecond)
	duration(&o.Silence, 20*time.Second)
	return o
}
