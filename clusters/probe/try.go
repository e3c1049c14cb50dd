package probe

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/netfate/netfate/clusters/observation"
)

// try is one attempt of a probe.
type try struct {
	Probe
	nonce string
}

func (t *try) run(ctx context.Context) Report {
	if _, err := netip.ParseAddr(t.To); err != nil {
		return inconclusive("%q is not an address", t.To)
	}
	if t.Protocol != TCP && t.Request != nil {
		return inconclusive("a request over %s is not known", t.Protocol)
	}
	switch t.Protocol {
	case TCP, SCTP:
	case UDP:
		return t.udp(ctx)
	case ICMP, ICMPv6:
		return t.echo(ctx)
	default:
		return inconclusive("protocol %q is not known: want TCP, UDP, SCTP, ICMP or ICMPv6", t.Protocol)
	}
	conn, err := t.dial(ctx)
	if err != nil {
		return notConnected(err)
	}
	defer conn.Close() //nolint:errcheck // it was used
	if d, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(d)
	}
	r := t.talk(ctx, conn)
	r.Accepted = true
	return r
}

// talk asks over a connection.
func (t *try) talk(ctx context.Context, conn net.Conn) Report {
	q := t.Request
	if q != nil && (q.TLS || q.Scheme == "https") {
		secure := tls.Client(conn, t.clientTLS())
		if err := secure.HandshakeContext(ctx); err != nil {
			return notSecured(err)
		}
		conn = secure
	}
	switch {
	case q == nil || q.Scheme == "tcp":
		return t.ask(conn)
	case q.Scheme == "grpc":
		return t.grpc(ctx, conn)
	case q.Scheme == "" || q.Scheme == "http" || q.Scheme == "http2" || q.Scheme == "https":
		return t.http(ctx, conn)
	}
	return inconclusive("scheme %q is not known: want http, http2, https, grpc or tcp", q.Scheme)
}

// clientTLS trusts every certificate: who answers is told by the answer.
func (t *try) clientTLS() *tls.Config {
	name, _, err := net.SplitHostPort(t.Request.Host)
	if err != nil {
		name = t.Request.Host
	}
	if name == "" {
		name = "netfate-probe"
	}
	c := &tls.Config{InsecureSkipVerify: true, ServerName: name, MinVersion: tls.VersionTLS12}
	switch t.Request.Scheme {
	case "http2", "grpc":
		c.NextProtos = []string{"h2"}
	case "", "http", "https":
		c.NextProtos = []string{"http/1.1"}
	}
	return c
}

func (t *try) dial(ctx context.Context) (net.Conn, error) {
	if t.Protocol == SCTP {
		return dialSCTP(ctx, t.To, t.Port, t.Source)
	}
	d := net.Dialer{KeepAlive: -1}
	if t.Source != "" {
		d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(t.Source)}
	}
	addr := net.JoinHostPort(t.To, strconv.Itoa(int(t.Port)))
	conn, err := d.DialContext(ctx, "tcp", addr)
	if unreachable(err) && prohibited(ctx, d, addr) {
		return nil, errProhibited
	}
	return conn, err
}

// ask speaks the agent's own line.
func (t *try) ask(conn net.Conn) Report {
	if _, err := conn.Write(question(t.nonce)); err != nil {
		return broken(err)
	}
	text, err := bufio.NewReaderSize(conn, maxLine).ReadSlice('\n')
	if len(text) == 0 && err != nil && !errors.Is(err, bufio.ErrBufferFull) {
		return broken(err)
	}
	return t.judge(text)
}

// judge tells whether bytes are the answer to this probe.
func (t *try) judge(text []byte) Report {
	if r, ok := t.answered(text); ok {
		return r
	}
	return inconclusive("connected by unknown: %d bytes that are not the agent's answer to this probe, beginning %.40q", len(text), text)
}

// answered reads an answer; false if it is not the agent's to this probe.
func (t *try) answered(text []byte) (Report, bool) {
	var a Answer
	if json.Unmarshal(text, &a) != nil || a.Agent != Version || a.Nonce != t.nonce {
		return Report{}, false
	}
	saw := a.Saw
	if host, _, err := net.SplitHostPort(saw); err == nil {
		saw = strings.TrimPrefix(host, "::ffff:")
	}
	return Report{Result: observation.Connected, By: a.By, Node: a.Node, Instance: a.Instance, Saw: saw, Over: a.Over, Stalls: a.Stalls}, true
}

func inconclusive(format string, args ...any) Report {
	return Report{Result: observation.Inconclusive, Detail: fmt.Sprintf(format, args...)}
}
