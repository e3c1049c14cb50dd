package live

import (
	"context"
	"fmt"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const (
	aliveAnnotation = "netfate.dev/alive" // of the canary's namespace: when its bench was last at work, RFC 3339
	beat            = 10 * time.Second
	lapse           = 3 * beat // without a beat the bench is taken for gone
)

// pulse tells others, as long as it runs, that a bench is at work.
type pulse struct {
	stop context.CancelFunc
	done sync.WaitGroup
}

// home is the canary's namespace, marked as of a bench that is at work where now is not zero.
func (c *canary) home(now time.Time) *unstructured.Unstructured {
	o := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace"}}
	o.SetName(c.namespace())
	if !now.IsZero() {
		o.SetAnnotations(map[string]string{aliveAnnotation: now.UTC().Format(time.RFC3339)})
	}
	return o
}

// alone refuses to go on beside another bench of the name, whose objects would be removed.
func (b *Bench) alone(ctx context.Context) error {
	have, err := b.c.Get(ctx, b.canary.home(time.Time{}))
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339, have.GetAnnotations()[aliveAnnotation])
	if age := time.Since(at).Round(time.Second); err == nil && age.Abs() < lapse {
		return fmt.Errorf("another netfate live %s is at work in this cluster, seen %s ago: wait until it has ended; if it was killed, for %s", b.o.Name, age, lapse-age)
	}
	return nil
}

// start beats until it is stopped. A beat that fails is one that others do not see.
func (p *pulse) start(ctx context.Context, b *Bench) {
	ctx, p.stop = context.WithCancel(context.WithoutCancel(ctx))
	p.done.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case now := <-time.After(beat):
				_, _ = b.c.Apply(ctx, b.owner, []*unstructured.Unstructured{b.canary.home(now)})
			}
		}
	})
}

// end stops the beats, and waits for one that is under way.
func (p *pulse) end() {
	if p.stop != nil {
		p.stop()
		p.done.Wait()
	}
}

// Leave ends the bench's work and leaves what it made: a bench of its name, or Clean, removes it.
func (b *Bench) Leave(ctx context.Context) error {
	b.ctl.Close()
	b.pulse.end()
	_, err := b.c.Apply(ctx, b.owner, []*unstructured.Unstructured{b.canary.home(time.Time{})})
	return err
}
