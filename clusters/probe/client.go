package probe

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/netfate/netfate/clusters/observation"
)

// maxBatch bounds a line with a batch: some 300,000 probes.
const maxBatch = 64 << 20

// Session reads batches, one JSON value a line, and writes their reports, until its input or the context
// ends. A batch that cannot be read ends the session with an error; one that is refused has an end with one.
func Session(ctx context.Context, in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 1<<16), maxBatch)
	w := newReporter(out)
	defer w.flush()
	own := watchStalls()
	defer own.end()
	for lines.Scan() {
		var b Batch
		if err := json.Unmarshal(lines.Bytes(), &b); err != nil {
			return fmt.Errorf("not a batch: %w", err)
		}
		Run(ctx, b, func(r Report) {
			if r.End {
				r.Stalls = own.number()
			}
			w.write(r)
		})
		if err := errors.Join(w.failed(), ctx.Err()); err != nil {
			return err
		}
	}
	return lines.Err()
}

// Run sends the probes of a batch and tells each report, as it comes, and the end. Calls of tell do not
// overlap. When the context ends, the probes that are not finished are reported as inconclusive.
func Run(ctx context.Context, b Batch, tell func(Report)) {
	if b.Version != Version {
		tell(Report{Batch: b.ID, End: true, Error: fmt.Sprintf("version %d of the batch: this agent has version %d; the agent's image and netfate must be of one build", b.Version, Version)})
		return
	}
	b = b.withDefaults()
	var mu sync.Mutex
	var work sync.WaitGroup
	next := make(chan Probe)
	for range min(b.Parallel, len(b.Probes)) {
		work.Go(func() {
			for p := range next {
				r := b.probe(ctx, p)
				r.Batch, r.N = b.ID, p.N
				mu.Lock()
				tell(r)
				mu.Unlock()
			}
		})
	}
	for _, p := range b.Probes {
		next <- p
	}
	close(next)
	work.Wait()
	tell(Report{Batch: b.ID, End: true, N: len(b.Probes)})
}

// probe tries until it connects, a status tells that it will not, or the attempts are used up. What does
// not connect counts as the last attempt has it: packets are lost on a busy machine, and an agent may
// just be starting.
func (b Batch) probe(ctx context.Context, p Probe) Report {
	started := time.Now()
	timeout, pause := time.Duration(b.Timeout)*time.Millisecond, time.Duration(b.Backoff)*time.Millisecond
	var r Report
	var before observation.Result
	for n := 1; ; n++ {
		r = attempt(ctx, p, timeout)
		r.Attempts = n
		if before != "" && before != r.Result {
			r.Detail = note(r.Detail, "the attempt before: "+string(before))
		}
		if final(r.Result) || n >= b.Attempts || !sleep(ctx, pause) {
			break
		}
		before, timeout, pause = r.Result, 2*timeout, 2*pause
	}
	r.Started, r.Ended = started.UTC(), time.Now().UTC()
	return r
}

// final tells whether a further attempt could not say more.
func final(r observation.Result) bool {
	return r == observation.Connected || r == observation.HTTPStatus || r == observation.GRPCStatus
}

func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

func note(detail, more string) string {
	if detail == "" {
		return more
	}
	return detail + "; " + more
}

// attempt tries once.
func attempt(ctx context.Context, p Probe, timeout time.Duration) Report {
	inner, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	a := &try{Probe: p, nonce: draw(12)}
	r := a.run(inner)
	if ctx.Err() != nil && r.Result != observation.Connected {
		return Report{Result: observation.Inconclusive, Detail: "the probe was ended before its deadline"}
	}
	return r
}
