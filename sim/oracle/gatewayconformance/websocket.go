package gatewayconformance

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/websocket"
	websocketsuite "sigs.k8s.io/gateway-api/conformance/utils/websocket"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// WebSocketDialer opens the suite's WebSockets where netfate lets the request that
// opens them through to a pod that speaks HTTP.
type WebSocketDialer struct {
	Cluster *Cluster
	echo    *httptest.Server // the program of every pod
}

func newWebSocketDialer(c *Cluster) *WebSocketDialer {
	return &WebSocketDialer{Cluster: c, echo: httptest.NewServer(websocket.Handler(func(s *websocket.Conn) { _, _ = io.Copy(s, s) }))}
}

var _ websocketsuite.Dialer = (*WebSocketDialer)(nil)

// Dial asks for the verdict of the request that opens a WebSocket, and connects it
// to the program of the pod that it arrives at, which echoes.
func (d *WebSocketDialer) Dial(address, protocol, origin string) (*websocket.Conn, error) {
	u, err := url.Parse(strings.Replace(address, "ws://", "http://", 1))
	if err != nil {
		return nil, err
	}
	addr, port, err := hostPort(u)
	if err != nil {
		return nil, err
	}
	r := &model.Request{Method: "GET", Path: u.EscapedPath(), Headers: map[string]string{"upgrade": "websocket", "connection": "upgrade", "origin": origin}}
	setAuthority(r, u.Host)
	got, err := d.Cluster.send(context.Background(), addr, port, algebra.TCP, r)
	if err != nil {
		return nil, err
	}
	if got.echo == nil || !slices.Contains(got.echo.program.http, got.echo.port) || got.echo.request.Path != "/ws" {
		return nil, fmt.Errorf("the WebSocket is not opened: %d", got.status)
	}
	return websocket.Dial(strings.Replace(d.echo.URL, "http://", "ws://", 1), protocol, origin)
}
