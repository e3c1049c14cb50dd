package proxyless

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/replay"
)

const callMillis = 20000 // a client waits 15 s for what istiod does not know

// call, outcome and answer are those of the lab's workload (clusters/lab/istio/workload).
type call struct {
	ID      string            `json:"id"`
	Target  string            `json:"target"`
	Method  string            `json:"method"`
	Host    string            `json:"host"`
	Headers map[string]string `json:"headers"`
	Nonce   string            `json:"nonce"`
	Millis  int               `json:"millis"`
}

type outcome struct {
	ID     string  `json:"id"`
	Code   int     `json:"code"`
	Text   string  `json:"text"`
	Answer *answer `json:"answer"`
	Millis int64   `json:"millis"`
}

type answer struct {
	By    string `json:"by"`
	Nonce string `json:"nonce"`
	Saw   string `json:"saw"`
	ID    string `json:"id"`
	TLS   string `json:"tls"`
}

// callFlows makes the calls of all flows, from all pods at once. A pod that cannot call makes its flows
// inconclusive.
func (l *Lab) callFlows(ctx context.Context, flows []replay.Flow) ([]observation.Record, error) {
	by := map[string][]int{}
	out := make([]observation.Record, len(flows))
	calls := make([]call, len(flows))
	for i := range flows {
		f := &flows[i].Flow
		c, err := l.callOf(f, "n"+strconv.Itoa(l.round)+"."+strconv.Itoa(i))
		if err != nil {
			return nil, err
		}
		calls[i] = c
		by[f.From.ID] = append(by[f.From.ID], i)
	}
	var wg sync.WaitGroup
	for pod, list := range by {
		wg.Go(func() {
			batch := make([]call, len(list))
			for j, i := range list {
				batch[j] = calls[i]
			}
			began := time.Now()
			got, err := l.cluster.callFrom(ctx, pod, batch)
			for _, i := range list {
				out[i] = l.judge(&flows[i].Flow, calls[i], got, err)
				out[i].Started, out[i].Ended = began, time.Now()
			}
		})
	}
	wg.Wait()
	return out, ctx.Err()
}

// callOf is how a flow is called: a client of the mesh resolves Services through istiod; other clients, and all
// clients that call a pod by its address, do not ask it.
func (l *Lab) callOf(f *observation.Flow, nonce string) (call, error) {
	r := f.Request
	if r == nil || f.From.Kind != observation.KindPod {
		return call{}, fmt.Errorf("%s: want a request from a pod", diff.Text(*f))
	}
	c := call{ID: nonce, Nonce: nonce, Method: r.Path, Host: r.Host, Headers: r.Headers, Millis: callMillis}
	ns, name, _ := strings.Cut(f.To.ID, "/")
	port := strconv.Itoa(int(f.Port))
	switch {
	case f.To.Kind == observation.KindPod:
		c.Target = "passthrough:///" + cmp.Or(l.fixture.ips[f.To.ID], "unknown") + ":" + port
	case f.To.Kind != observation.KindService:
		return call{}, fmt.Errorf("%s: want a pod or a Service as the destination", diff.Text(*f))
	case l.fixture.meshed(f.From.ID):
		c.Target = "xds:///" + name + "." + ns + ".svc.cluster.local:" + port
	default:
		c.Target = "dns:///" + name + "." + ns + ".svc.cluster.local:" + port
	}
	return c, nil
}

func textOf(r *observation.Record) string { return diff.Text(r.Flow) }
