package proxyless

import (
	"fmt"
	"net"
	"strings"

	"github.com/netfate/netfate/clusters/observation"
)

// Codes of gRPC.
const (
	deadlineExceeded = 4
	permissionDenied = 7
	unavailable      = 14
)

// judge makes a record of what became of a flow's call, by the content of the answer: connected is only what the
// destination itself answered to this very call. Nothing here drops packets, so that a call without any answer
// says nothing.
func (l *Lab) judge(f *observation.Flow, c call, got map[string]outcome, failed error) observation.Record {
	rec := observation.Record{Flow: *f, Phase: observation.PhasePolicy, Control: observation.ControlNone, Result: observation.Inconclusive}
	rec.Flow.From.Address = l.fixture.ips[f.From.ID]
	if f.To.Kind == observation.KindPod {
		rec.Flow.To.Address = l.fixture.ips[f.To.ID]
	}
	o, ok := got[c.ID]
	switch {
	case failed != nil:
		rec.Detail = failed.Error()
	case !ok:
		rec.Detail = "the client did not report this call"
	case o.Code == 0:
		l.answered(&rec, c, o.Answer)
	case o.Code == deadlineExceeded:
		rec.Detail = "no answer within the deadline: " + o.Text
	default:
		rec.Result, rec.Status, rec.Detail = refused(&o), o.Code, o.Text
	}
	return rec
}

func (l *Lab) answered(rec *observation.Record, c call, a *answer) {
	switch {
	case a == nil || a.Nonce != c.Nonce:
		rec.Detail = "an answer that is not to this call"
	case !l.fixture.behind(rec.Flow.To, a.By):
		rec.Detail = fmt.Sprintf("%s answered for %s", a.By, rec.Flow.To)
	default:
		rec.Result, rec.By, rec.Detail = observation.Connected, a.By, strings.TrimSpace(a.TLS+" "+a.ID)
		if host, _, err := net.SplitHostPort(a.Saw); err == nil {
			rec.Saw = host
		}
	}
}

// refused tells a connection that failed from an answer of the server: gRPC reports both by status.
func refused(o *outcome) observation.Result {
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(o.Text, w) {
				return true
			}
		}
		return false
	}
	switch {
	case o.Code != unavailable:
		return observation.GRPCStatus
	case has("handshake failed", "tls: "):
		return observation.TLSFailure
	case has("connection refused"):
		return observation.Refused
	case has("EOF", "reset by peer", "server preface", "closed the connection", "broken pipe"):
		return observation.Reset
	}
	return observation.GRPCStatus
}
