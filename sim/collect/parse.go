package collect

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

const internalError = "cannot be read because of an error in netfate; please report it with this file:"

// part is what one input holds.
type part struct {
	objects  []model.Object
	problems []model.Problem
	broken   []model.Broken
	unread   map[[2]string]int
}

// reading is the state that the workers of one collection share.
type reading struct {
	kinds     *kindIndex
	limits    Limits
	inputs    []input
	parts     []part
	next      atomic.Int64
	bytes     atomic.Int64
	documents atomic.Int64
	mu        sync.Mutex // guards done and calls of progress
	done      Progress
	progress  func(Progress)
}

// parseAll reads and parses all inputs, several at a time; the parts are in the order of the inputs.
func parseAll(ctx context.Context, r *resolver) ([]part, error) {
	w := &reading{
		kinds: newKindIndex(r.o.Kinds), limits: r.o.Limits, inputs: r.inputs,
		parts: make([]part, len(r.inputs)), progress: r.o.Progress, done: Progress{Files: len(r.inputs)},
	}
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(w.inputs)) {
		wg.Go(func() { w.work(ctx) })
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	select {
	case <-ctx.Done(): // what is being parsed ends by itself
		return nil, ctx.Err()
	case <-done:
		return w.parts, ctx.Err()
	}
}

func (w *reading) work(ctx context.Context) {
	for ctx.Err() == nil {
		i := int(w.next.Add(1)) - 1
		if i >= len(w.inputs) {
			return
		}
		before := w.bytes.Load()
		w.input(ctx, &w.inputs[i], &w.parts[i])
		w.tell(w.bytes.Load()-before, len(w.parts[i].objects))
	}
}

func (w *reading) tell(bytes int64, objects int) {
	if w.progress == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done.Done++
	w.done.Bytes = max(w.done.Bytes, w.bytes.Load())
	w.done.Objects += objects
	w.progress(w.done)
}

func (w *reading) input(ctx context.Context, in *input, p *part) {
	defer func() { // one file must not take the others down
		if v := recover(); v != nil {
			*p = part{}
			p.unreadable(in, fmt.Errorf("%s %v", internalError, v))
		}
	}()
	docs, errs := in.docs, []manifest.Error(nil)
	if in.read != nil {
		data, err := in.read(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			p.unreadable(in, err)
			return
		case w.bytes.Add(int64(len(data))) > w.limits.TotalBytes:
			p.unreadable(in, fmt.Errorf("not read: the sources hold more than %s in all", byteCount(w.limits.TotalBytes)))
			return
		}
		docs, errs = manifest.Parse(in.name, data, w.limits.parser())
	}
	if w.documents.Add(int64(len(docs))) > int64(w.limits.Documents) {
		p.unreadable(in, fmt.Errorf("not read: the sources hold more than %d documents", w.limits.Documents))
		return
	}
	p.objects = make([]model.Object, 0, len(docs))
	w.documentsOf(ctx, in, p, docs, errs)
}

// documentsOf takes the documents of one input. The errors of Parse come one for each document without
// a root, in order, or for the file as a whole.
func (w *reading) documentsOf(ctx context.Context, in *input, p *part, docs []manifest.Document, errs []manifest.Error) {
	if len(docs) == 0 {
		for _, e := range errs {
			p.unreadableAt(in, e)
		}
		return
	}
	for i := range docs {
		if i%1024 == 0 && ctx.Err() != nil {
			return
		}
		if docs[i].Root == nil {
			var e manifest.Error
			if len(errs) > 0 {
				e, errs = errs[0], errs[1:]
			}
			w.broken(in, p, &docs[i], e)
			continue
		}
		for _, d := range manifest.Expand(docs[i]) {
			w.object(in, p, &d)
		}
	}
}

// unreadable records an input that gave no text at all.
func (p *part) unreadable(in *input, err error) {
	p.unreadableAt(in, manifest.Error{Msg: err.Error()})
}

func (p *part) unreadableAt(in *input, e manifest.Error) {
	p.problems = append(p.problems, model.Problem{
		Severity: model.Error, File: in.name, Line: e.Line, Col: e.Col, Message: e.Msg, Hint: e.Hint,
	})
	p.broken = append(p.broken, model.Broken{File: in.name, Line: e.Line, Why: e.Msg})
}

// byteCount returns a limit for people.
func byteCount(n int64) string {
	switch {
	case n >= 1<<30 && n%(1<<30) == 0:
		return fmt.Sprintf("%d GiB", n>>30)
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}
