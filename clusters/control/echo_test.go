package control

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/probe"
)

// echoes is a way to agents whose probes are answered by a function: sending ICMP takes a kernel's permission.
type echoes func(pod string, p probe.Probe) probe.Report

// Session answers batches.
func (e echoes) Session(_ context.Context, _, pod, _ string, in io.Reader, out io.Writer) error {
	dec, enc := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var b probe.Batch
		if err := dec.Decode(&b); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		for _, p := range b.Probes {
			r := e(pod, p)
			r.Batch, r.N, r.Attempts = b.ID, p.N, 1
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
		if err := enc.Encode(probe.Report{Batch: b.ID, End: true, N: len(b.Probes)}); err != nil {
			return err
		}
	}
}

// dual finds pods of both families.
func dual(p observation.Party) (Target, error) {
	v4, v6 := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("fd00::1")
	switch p.ID {
	case "a/p0":
		return Target{ID: p.ID, Namespace: "a", Pod: "p0", Addresses: []netip.Addr{v4, v6}, Agent: true}, nil
	case "a/p1":
		return Target{ID: p.ID, Namespace: "a", Pod: "p1", Addresses: []netip.Addr{v4.Next(), v6.Next()}, Agent: true}, nil
	case "a/v4":
		return Target{ID: p.ID, Namespace: "a", Pod: "v4", Addresses: []netip.Addr{v4.Next().Next()}, Agent: true}, nil
	}
	return Target{Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.1")}}, nil
}

// TestEcho asserts what an echo request's fate is taken for: who answers does not say who it is, so that a pod's kernel
// is asked at its own address inside the pod.
func TestEcho(t *testing.T) {
	const own = "own" // the probes of an address from itself
	answer := func(results map[string]observation.Result) echoes {
		return func(_ string, p probe.Probe) probe.Report {
			key := p.To
			if p.Source == p.To {
				key = own
			}
			return probe.Report{Result: results[key], Detail: "as it is"}
		}
	}
	for _, c := range []struct {
		name, protocol, to string
		results            map[string]observation.Result
		want               observation.Result
		detail             string
	}{
		{"answered", "ICMP", "a/p1", map[string]observation.Result{"10.0.0.2": "connected", own: "connected"}, "connected", ""},
		{"answered over IPv6", "ICMPv6", "a/p1", map[string]observation.Result{"fd00::2": "connected", own: "connected"}, "connected", ""},
		{"dropped", "ICMP", "a/p1", map[string]observation.Result{"10.0.0.2": "timeout", own: "connected"}, "timeout", ""},
		{"the kernel answers no echo", "ICMP", "a/p1", map[string]observation.Result{"10.0.0.2": "timeout", own: "timeout"}, "inconclusive", "before the probe: no ICMP echo is answered at 10.0.0.2 inside a/p1 itself"},
		{"the address is another's", "ICMP", "a/p1", map[string]observation.Result{"10.0.0.2": "timeout", own: "inconclusive"}, "inconclusive", "inside a/p1 itself"},
		{"not permitted", "ICMP", "a/p1", map[string]observation.Result{"10.0.0.2": "inconclusive", own: "connected"}, "inconclusive", "as it is"},
		{"no address of the family", "ICMPv6", "a/v4", nil, "inconclusive", "no address that ICMPv6 is for"},
		{"nobody's address", "ICMP", "outside", map[string]observation.Result{"192.0.2.1": "timeout"}, "inconclusive", "no agent is there"},
		{"nobody's address answers", "ICMP", "outside", map[string]observation.Result{"192.0.2.1": "connected"}, "connected", ""},
		{"a Service", "ICMP", "service", nil, "inconclusive", "stands for no pod"},
	} {
		t.Run(c.name, func(t *testing.T) {
			to := observation.Party{Kind: observation.KindPod, ID: c.to}
			if c.to == "service" {
				to.Kind = observation.KindService
			}
			ctl := New(answer(c.results), quick())
			defer ctl.Close()
			got, err := ctl.Probe(t.Context(), []observation.Flow{{From: pod("p0"), To: to, Protocol: c.protocol}}, dual)
			if err != nil {
				t.Fatal(err)
			}
			if got[0].Result != c.want || !strings.Contains(got[0].Detail, c.detail) {
				t.Errorf("%+v, want %s %q", got[0], c.want, c.detail)
			}
		})
	}
}
