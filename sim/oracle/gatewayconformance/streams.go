package gatewayconformance

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/miekg/dns"
	"sigs.k8s.io/gateway-api/conformance/echo-basic/tcpserver"
	"sigs.k8s.io/gateway-api/conformance/echo-basic/udpechoserver"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

func (p *dataPlane) serveDatagrams(conn net.PacketConn, at netip.AddrPort) {
	buffer := make([]byte, 2048)
	for {
		n, from, err := conn.ReadFrom(buffer)
		if err != nil {
			return // closed
		}
		got, err := p.cluster.send(context.Background(), at.Addr(), at.Port(), algebra.UDP, nil)
		if err != nil || got.echo == nil {
			continue // as a client sees it: no answer
		}
		text, err := got.echo.datagram(buffer[:n])
		if err != nil || text == nil {
			continue
		}
		if _, err := conn.WriteTo(text, from); err != nil {
			return
		}
	}
}

// datagram is what a pod's program answers to one; nil: nothing listens there.
func (e *echo) datagram(in []byte) ([]byte, error) {
	switch {
	case slices.Contains(e.program.udp, e.port):
		return json.Marshal(udpechoserver.EchoResponse{Request: string(in),
			Context: udpechoserver.Context{Namespace: e.pod.Namespace, Pod: e.pod.Name, Service: e.service()}})
	case slices.Contains(e.program.dns, e.port):
		var question, answer dns.Msg
		if err := question.Unpack(in); err != nil {
			return nil, err
		}
		return answer.SetReply(&question).Pack()
	}
	return nil, nil
}

func (p *dataPlane) serveConnections(l net.Listener, at netip.AddrPort) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return // closed
		}
		go func() {
			defer conn.Close()
			if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
				return
			}
			p.connection(conn, at)
		}()
	}
}

// connection does with a connection what netfate says becomes of it; a refused one
// is closed.
func (p *dataPlane) connection(conn net.Conn, at netip.AddrPort) {
	ctx := context.Background()
	var r *model.Request
	if p.cluster.speaksTLS(ctx, at) {
		name, again, err := clientHello(conn)
		if err != nil {
			return
		}
		conn, r = again, &model.Request{Scheme: "https", Host: name}
	}
	got, err := p.cluster.send(ctx, at.Addr(), at.Port(), algebra.TCP, r)
	if err != nil || got.echo == nil {
		return
	}
	e, ends := got.echo, (*tls.Config)(nil)
	atPod := slices.Contains(e.program.tls, e.port)
	switch {
	case !atPod && !slices.Contains(e.program.tcp, e.port):
		return // nothing listens there
	case got.listener != nil && got.listener.passthrough != atPod:
		return // one end speaks TLS and the other does not
	case atPod:
		ends, err = p.cluster.podCertificate(ctx, e.pod)
	case got.listener != nil:
		ends, err = p.cluster.listenerCertificate(ctx, got.listener)
	}
	if err != nil {
		return
	}
	echoStream(ctx, conn, ends, e, atPod)
}

// errHello ends the reading of a handshake once the server name is known.
var errHello = errors.New("the client has said its server name")

// clientHello reads the server name of a handshake and returns a connection from
// which it can be read again.
func clientHello(conn net.Conn) (string, net.Conn, error) {
	name := ""
	kept := &replay{Conn: conn}
	err := tls.Server(readOnly{kept}, &tls.Config{MinVersion: tls.VersionTLS12, GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
		name = h.ServerName
		return nil, errHello
	}}).Handshake()
	if !errors.Is(err, errHello) {
		return "", nil, err
	}
	kept.again = true
	return name, kept, nil
}

// echoStream is the suite's TCP server (conformance/echo-basic/tcpserver), behind
// a handshake where someone ends TLS.
func echoStream(ctx context.Context, conn net.Conn, ends *tls.Config, e *echo, atPod bool) {
	a := tcpserver.TCPAssertions{IsTLS: atPod, Context: tcpserver.Context{Namespace: e.pod.Namespace, Pod: e.pod.Name, TCPPort: fmt.Sprint(e.port)}}
	if ends != nil {
		secure := tls.Server(conn, ends)
		if secure.HandshakeContext(ctx) != nil {
			return
		}
		conn = secure
		if state := secure.ConnectionState(); atPod {
			a.TLSAssertion = &tcpserver.TLSAssertions{ServerName: state.ServerName, NegotiatedProtocol: state.NegotiatedProtocol,
				Version: tls.VersionName(state.Version), CipherSuite: tls.CipherSuiteName(state.CipherSuite)}
		}
	}
	text, err := json.Marshal(a)
	if err != nil {
		return
	}
	fmt.Fprint(conn, tcpserver.WelcomeMessage)
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		switch lines.Text() {
		case "TEST":
			fmt.Fprintf(conn, "%s\n", text)
		case "IS_TLS":
			fmt.Fprintf(conn, "%t\n", atPod)
		case "PING":
			fmt.Fprint(conn, "PONG\n")
		}
	}
}
