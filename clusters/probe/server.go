package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
)

// ServeOptions say what a server serves.
type ServeOptions struct {
	Identity Identity
	// Addresses are the local addresses to listen on; none: all of them.
	Addresses []netip.Addr
	// TCP ports speak the agent's line, HTTP/1.1, HTTP/2, gRPC, and each of them within TLS.
	TCP, UDP, SCTP []uint16
}

// Server answers probes.
type Server struct {
	id      Identity
	tls     *tls.Config
	http    *http.Server
	conns   *handoff
	stalls  *stalls
	mu      sync.Mutex
	closers []func() error
	work    sync.WaitGroup
}

// Listen starts to serve and returns when all ports are open. Ports that could not be opened are in the
// error, each with its reason; the server serves the others, and is nil only if there are none. Close ends it.
func Listen(o ServeOptions) (*Server, error) {
	conf, err := selfSigned()
	if err != nil {
		return nil, fmt.Errorf("cannot make a certificate: %w", err)
	}
	s := &Server{id: o.Identity, tls: conf, conns: newHandoff(), stalls: watchStalls()}
	s.http = s.httpServer()
	s.work.Go(func() { _ = s.http.Serve(s.conns) })
	s.closers = append(s.closers, s.http.Close, func() error { s.stalls.end(); return nil })
	open, errs := 0, []error(nil)
	each := func(protocol string, ports []uint16, listen func(host string, port uint16) error) {
		for _, port := range ports {
			for _, host := range hosts(o.Addresses) {
				if err := listen(host, port); err != nil {
					errs = append(errs, fmt.Errorf("cannot listen on %s %s: %w", protocol, net.JoinHostPort(host, strconv.Itoa(int(port))), err))
					continue
				}
				open++
			}
		}
	}
	each(TCP, o.TCP, s.listenTCP)
	each(UDP, o.UDP, s.listenUDP)
	each(SCTP, o.SCTP, s.listenSCTP)
	if open == 0 && len(errs) > 0 {
		_ = s.Close()
		return nil, errors.Join(errs...)
	}
	return s, errors.Join(errs...)
}

func hosts(addrs []netip.Addr) []string {
	if len(addrs) == 0 {
		return []string{""}
	}
	out := make([]string, len(addrs))
	for i, a := range addrs {
		out[i] = a.String()
	}
	return out
}

// Serve serves until the context ends; its error is that of Listen.
func Serve(ctx context.Context, o ServeOptions) error {
	s, err := Listen(o)
	if err != nil {
		if s != nil {
			err = errors.Join(err, s.Close())
		}
		return err
	}
	<-ctx.Done()
	return s.Close()
}

// Close ends all listeners and connections.
func (s *Server) Close() error {
	s.mu.Lock()
	closers := s.closers
	s.closers = nil
	s.mu.Unlock()
	for _, f := range closers {
		_ = f() // what is closed twice was closed by the other side of it
	}
	s.work.Wait()
	return nil
}

// onClose notes what Close must close.
func (s *Server) onClose(f func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closers = append(s.closers, f)
}
