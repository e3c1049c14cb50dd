package gatewayconformance

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"sigs.k8s.io/gateway-api/conformance/utils/roundtripper"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// client is where the suite's own requests come from: outside the cluster.
func outside() model.Party {
	return model.Party{Kind: model.PartyAddress, Addr: netip.MustParseAddr("203.0.113.7")}
}

// RoundTripper answers the suite's requests with what netfate says becomes of them.
type RoundTripper struct{ Cluster *Cluster }

var _ roundtripper.RoundTripper = (*RoundTripper)(nil)

// CaptureRoundTrip asks for the verdict of one request to a gateway's address.
func (r *RoundTripper) CaptureRoundTrip(req roundtripper.Request) (*roundtripper.CapturedRequest, *roundtripper.CapturedResponse, error) {
	addr, port, err := hostPort(&req.URL)
	if err != nil {
		return nil, nil, err
	}
	call := modelRequest(&req)
	got, err := r.Cluster.send(context.Background(), addr, port, algebra.TCP, call)
	if err != nil {
		return nil, nil, err
	}
	return captured(&req, got)
}

// hostPort reads the address that a URL dials.
func hostPort(u *url.URL) (netip.Addr, uint16, error) {
	text := u.Port()
	if text == "" {
		text = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return dialled(net.JoinHostPort(u.Hostname(), text))
}

func dialled(address string) (netip.Addr, uint16, error) {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return netip.Addr{}, 0, fmt.Errorf("dial %q: %w", address, err)
	}
	return ap.Addr(), ap.Port(), nil
}

// modelRequest turns a request of the suite into netfate's words.
func modelRequest(r *roundtripper.Request) *model.Request {
	out := &model.Request{Method: r.Method, Scheme: r.URL.Scheme, Path: r.URL.EscapedPath(), Query: map[string]string{}, Headers: map[string]string{}}
	if out.Path == "" {
		out.Path = "/"
	}
	authority := r.Host
	if authority == "" {
		authority = r.URL.Host
	}
	setAuthority(out, authority)
	for k, v := range r.URL.Query() {
		out.Query[k] = v[0]
	}
	for k, v := range r.Headers {
		out.Headers[strings.ToLower(k)] = v[0] // as the suite's own client sends them
	}
	return out
}

// setAuthority fills what the Host header says.
func setAuthority(r *model.Request, authority string) {
	r.Host = strings.ToLower(authority)
	if host, port, err := net.SplitHostPort(authority); err == nil {
		n, err := strconv.ParseUint(port, 10, 16)
		if err == nil {
			r.Host, r.HostPort = strings.ToLower(host), uint16(n)
		}
	}
}

// captured is what the suite's client reads from an answer.
func captured(req *roundtripper.Request, a *answer) (*roundtripper.CapturedRequest, *roundtripper.CapturedResponse, error) {
	res := &roundtripper.CapturedResponse{StatusCode: a.status, Protocol: "HTTP/1.1", Headers: http.Header{}}
	if roundtripper.IsRedirect(a.status) {
		u, err := url.Parse(a.location)
		if err != nil || a.location == "" {
			return nil, nil, fmt.Errorf("redirect without a location: %q: %w", a.location, err)
		}
		res.RedirectRequest = &roundtripper.RedirectRequest{Scheme: u.Scheme, Host: u.Hostname(), Port: u.Port(), Path: u.Path}
	}
	for k, v := range a.headers {
		res.Headers[k] = []string{v}
	}
	if a.echo == nil {
		return &roundtripper.CapturedRequest{Method: req.Method}, res, nil
	}
	out := &roundtripper.CapturedRequest{Path: a.echo.path(req.URL.RawQuery), Host: a.echo.request.Authority(), Method: a.echo.request.Method,
		Protocol: "HTTP/1.1", Headers: map[string][]string{}, HTTPPort: a.echo.httpPort, Namespace: a.echo.pod.Namespace, Pod: a.echo.pod.Name}
	for k, v := range a.echo.request.Headers {
		out.Headers[http.CanonicalHeaderKey(k)] = []string{v}
	}
	return out, res, nil
}
