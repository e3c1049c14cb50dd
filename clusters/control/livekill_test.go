package control_test

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/netfate/netfate/clusters/control"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

// TestLiveKill deletes pods and breaks the way to the API server while flows that nothing forbids are probed: none
// may count as denied.
func TestLiveKill(t *testing.T) {
	b := newBench(t)
	if err := b.Policies(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	p := newProxy(t, strings.TrimPrefix(b.config.Host, "https://"))
	config := rest.CopyConfig(b.config)
	config.Host = "https://" + p.l.Addr().String()
	c := b.controller(config, control.Options{Timeout: 500 * time.Millisecond, Silence: 5 * time.Second})
	ctx, stop := context.WithCancel(t.Context())
	var killer sync.WaitGroup
	killed, cut := 0, 0
	killer.Go(func() {
		r := rand.New(rand.NewPCG(3, 4))
		for ctx.Err() == nil {
			time.Sleep(time.Duration(500+r.IntN(2500)) * time.Millisecond)
			if r.IntN(2) == 0 {
				p.cut()
				cut++
				continue
			}
			x := b.m.Pods[r.IntN(len(b.m.Pods))]
			for _, o := range b.m.Base {
				if o.GetKind() == "Pod" && o.GetNamespace() == x.Namespace && o.GetName() == x.Name {
					if b.client.Delete(context.Background(), []*unstructured.Unstructured{o}) == nil {
						killed++
						_, _ = b.client.Apply(context.Background(), owner, []*unstructured.Unstructured{o})
					}
				}
			}
		}
	})
	count := map[observation.Result]int{}
	for began := time.Now(); time.Since(began) < time.Minute; {
		records, err := c.Probe(t.Context(), b.flows(true, 80, 53), b.resolver())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			count[r.Result]++
			if out, ok := r.Outcome(); ok && out == model.Denied {
				t.Errorf("denied: %+v", r)
			}
		}
	}
	stop()
	killer.Wait()
	t.Logf("%v while %d pods were deleted and the way to the API server was cut %d times", count, killed, cut)
	b.apply()
}

// proxy is a way to the API server that can be cut.
type proxy struct {
	l     net.Listener
	mu    sync.Mutex
	conns []net.Conn
}

func newProxy(t *testing.T, to string) *proxy {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{l: l}
	t.Cleanup(func() { l.Close(); p.cut() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s, err := net.Dial("tcp", to)
			if err != nil {
				c.Close()
				continue
			}
			p.mu.Lock()
			p.conns = append(p.conns, c, s)
			p.mu.Unlock()
			go func() { io.Copy(s, c); s.Close() }()
			go func() { io.Copy(c, s); c.Close() }()
		}
	}()
	return p
}

func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		c.Close()
	}
	p.conns = nil
}
