package probe

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/netfate/netfate/clusters/observation"
)

// http sends one request over a connection. Redirects are not followed: they are what was answered.
func (t *try) http(ctx context.Context, conn net.Conn) Report {
	method := t.Request.Method
	if method == "" {
		method = http.MethodGet
	}
	resp, err := t.send(ctx, conn, method, nil, t.Request.Scheme == "http2")
	if err != nil {
		return notAnswered(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	if r, ok := t.answered([]byte(resp.Header.Get(answerHeader))); ok {
		return r
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxLine))
	if r, ok := t.answered(body); ok && err == nil {
		return r
	}
	return Report{Result: observation.HTTPStatus, Status: resp.StatusCode, Detail: said(resp, body)}
}

// grpc makes one unary call with an empty message.
func (t *try) grpc(ctx context.Context, conn net.Conn) Report {
	resp, err := t.send(ctx, conn, http.MethodPost, message(nil), true)
	if err != nil {
		return notAnswered(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	if r, ok := t.answered([]byte(resp.Header.Get(answerHeader))); ok {
		return r
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxLine))
	if len(body) > 5 {
		if r, ok := t.answered(body[5:]); ok {
			return r
		}
	}
	status, text := resp.Trailer.Get("Grpc-Status"), resp.Trailer.Get("Grpc-Message")
	if status == "" { // "Trailers-Only": an answer without a message
		status, text = resp.Header.Get("Grpc-Status"), resp.Header.Get("Grpc-Message")
	}
	code, bad := strconv.Atoi(status)
	switch {
	case status != "" && bad == nil && code >= 0:
		return Report{Result: observation.GRPCStatus, Status: code, Detail: text}
	case resp.StatusCode != http.StatusOK:
		return Report{Result: observation.HTTPStatus, Status: resp.StatusCode, Detail: said(resp, body)}
	case err != nil:
		return notAnswered(err)
	}
	return inconclusive("connected by unknown: an HTTP/2 answer without a gRPC status")
}

// send sends a request over a connection that is there.
func (t *try) send(ctx context.Context, conn net.Conn, method string, body []byte, h2 bool) (*http.Response, error) {
	q := t.Request
	address := net.JoinHostPort(t.To, strconv.Itoa(int(t.Port)))
	secure := q.TLS || q.Scheme == "https"
	u, err := target(q, address, secure)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, u, bytes.NewReader(body))
	if err != nil {
		return nil, &requestError{err}
	}
	for k, v := range q.Headers {
		req.Header.Set(k, v)
	}
	if q.Host != "" {
		req.Host = q.Host
	}
	req.Header.Set(nonceHeader, t.nonce)
	if q.Scheme == "grpc" {
		req.Header.Set("Content-Type", grpcType)
		req.Header.Set("Te", "trailers")
	}
	return transport(conn, h2).RoundTrip(req)
}

// requestError is a request that cannot be sent as it is.
type requestError struct{ error }

// target returns the URL of a request.
func target(q *observation.Request, address string, secure bool) (string, error) {
	path := q.Path
	switch {
	case path == "" && q.Scheme == "grpc":
		path = healthCheck
	case path == "":
		path = "/"
	case !strings.HasPrefix(path, "/"):
		return "", &requestError{errors.New("a path begins with /: " + path)}
	}
	scheme := "http://"
	if secure {
		scheme = "https://"
	}
	if _, err := url.Parse(scheme + address + path); err != nil {
		return "", &requestError{err}
	}
	return scheme + address + path, nil
}

// transport uses one connection, once.
func transport(conn net.Conn, h2 bool) *http.Transport {
	p := new(http.Protocols)
	p.SetHTTP1(!h2)
	p.SetHTTP2(h2)
	p.SetUnencryptedHTTP2(h2)
	used := false
	dial := func(context.Context, string, string) (net.Conn, error) {
		if used {
			return nil, io.ErrUnexpectedEOF // the first was closed without an answer, and http tries again
		}
		used = true
		return conn, nil
	}
	return &http.Transport{Protocols: p, DialContext: dial, DialTLSContext: dial, DisableKeepAlives: true, DisableCompression: true}
}

// said tells a person what an answer was that no agent gave.
func said(resp *http.Response, body []byte) string {
	text := "by unknown"
	if s := resp.Header.Get("Server"); s != "" {
		text = "by " + s
	}
	if s := strings.TrimSpace(string(body)); s != "" {
		text += ": " + strings.ToValidUTF8(s[:min(len(s), 80)], "?")
	}
	return text
}
