package probe

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/netfate/netfate/clusters/observation"
)

// errProhibited is a connect that ended with an ICMP message of a filter.
var errProhibited = errors.New("prohibited, says ICMP")

// unreachable tells the errors that the kernel makes of ICMP destination unreachable.
func unreachable(err error) bool {
	return errors.Is(err, syscall.EHOSTUNREACH) || errors.Is(err, syscall.ENETUNREACH)
}

// notConnected judges the error of a connect, or of a datagram. Errors of this machine (no socket, no
// address to send from, no route) say nothing about what was asked.
func notConnected(err error) Report {
	r := Report{Detail: short(err)}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED): // RST to SYN, or ICMP port unreachable (RFC 1122, 4.2.3.9)
		r.Result, r.Detail = observation.Refused, ""
	case errors.Is(err, errProhibited):
		r.Result = observation.Refused
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		r.Result = observation.Reset
	case timedOut(err):
		r.Result, r.Detail = observation.Timeout, ""
	case errors.Is(err, syscall.EPERM), errors.Is(err, syscall.EACCES):
		r.Result, r.Detail = observation.Refused, "refused on the source's own machine: "+short(err)
	default:
		r.Result = observation.Inconclusive
	}
	return r
}

// broken judges the error of a connection that was there.
func broken(err error) Report {
	switch {
	case timedOut(err):
		return Report{Result: observation.Timeout, Detail: "the connection was accepted, and no answer came"}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return Report{Result: observation.Reset, Detail: short(err)}
	}
	return Report{Result: observation.Inconclusive, Detail: short(err)}
}

// notSecured judges the error of a TLS handshake.
func notSecured(err error) Report {
	r := broken(err)
	if r.Result == observation.Inconclusive {
		r.Result = observation.TLSFailure
	}
	r.Detail = "in the TLS handshake: " + short(err)
	return r
}

// notAnswered judges the error of a request over a connection that was there.
func notAnswered(err error) Report {
	var bad *requestError
	if errors.As(err, &bad) {
		return inconclusive("the request cannot be sent: %v", err)
	}
	r := broken(err)
	text := err.Error()
	switch {
	case r.Result != observation.Inconclusive:
	case strings.Contains(text, "server sent GOAWAY"), strings.Contains(text, "stream error"), strings.Contains(text, "http2: client connection lost"),
		strings.Contains(text, "server closed idle connection"), strings.Contains(text, "http2: client conn could not be established"):
		r.Result = observation.Reset
	default: // such as "malformed HTTP response"
		r.Detail = "connected by unknown: " + text
	}
	return r
}

func timedOut(err error) bool {
	var ne net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.Is(err, syscall.ETIMEDOUT) || errors.As(err, &ne) && ne.Timeout()
}

// short is an error without the addresses that the flow has anyway.
func short(err error) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		return op.Err.Error()
	}
	return err.Error()
}
