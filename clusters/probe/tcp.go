package probe

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

const (
	// greeting begins a probe over a bare protocol; the nonce and a newline follow.
	greeting = "netfate-probe/1 "
	// patience is how long a server waits for a client's words.
	patience = 30 * time.Second
	// maxLine bounds what is read of a bare protocol.
	maxLine = 1024
	// tlsRecord is the first byte of a TLS handshake (RFC 8446, section 5.1).
	tlsRecord = 0x16
)

func (s *Server) listenTCP(host string, port uint16) error {
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(int(port))))
	if err != nil {
		return err
	}
	s.accept(l, "tcp")
	return nil
}

// accept serves the connections of a listener.
func (s *Server) accept(l net.Listener, over string) {
	s.onClose(l.Close)
	s.work.Go(func() {
		for pause := time.Millisecond; ; {
			c, err := l.Accept()
			switch {
			case err == nil:
				pause = time.Millisecond
				go s.sniff(&peeked{Conn: c, r: bufio.NewReaderSize(c, 4096), over: over})
			case strings.Contains(err.Error(), "use of closed"):
				return
			default: // such as too many open files: it passes
				time.Sleep(pause)
				pause = min(2*pause, time.Second)
			}
		}
	})
}

// peeked is a connection whose first bytes were looked at.
type peeked struct {
	net.Conn
	r    *bufio.Reader
	over string // "tcp", "sctp"
	tls  bool
}

// Read reads what was looked at first.
func (p *peeked) Read(b []byte) (int, error) { return p.r.Read(b) }

// sniff tells by its first bytes what a client speaks.
func (s *Server) sniff(c *peeked) {
	_ = c.SetDeadline(time.Now().Add(patience))
	first, err := c.r.Peek(1)
	switch {
	case err != nil:
		_ = c.Close()
	case first[0] == tlsRecord && !c.tls:
		t := tls.Server(c, s.tls)
		if t.Handshake() != nil {
			_ = c.Close()
			return
		}
		s.sniff(&peeked{Conn: t, r: bufio.NewReaderSize(t, 4096), over: c.over, tls: true})
	case first[0] == greeting[0]:
		s.line(c)
		_ = c.Close()
	default:
		_ = c.SetDeadline(time.Time{})
		if !s.conns.give(c) {
			_ = c.Close()
		}
	}
}

// line answers the agent's own protocol.
func (s *Server) line(c *peeked) {
	text, err := c.r.ReadSlice('\n')
	if err != nil {
		return
	}
	nonce, ok := nonceOf(text)
	if !ok {
		return
	}
	over := c.over
	if c.tls {
		over += "+tls"
	}
	out, err := json.Marshal(s.answer(c.RemoteAddr().String(), over, nonce))
	if err == nil {
		_, _ = c.Write(append(out, '\n')) // a client that is gone needs no answer
	}
}

// question is what a client sends over a bare protocol.
func question(nonce string) []byte { return fmt.Appendf(nil, "%s%s\n", greeting, nonce) }

// nonceOf reads a question.
func nonceOf(text []byte) (string, bool) {
	nonce, ok := strings.CutPrefix(strings.TrimSuffix(string(text), "\n"), greeting)
	return nonce, ok && nonce != "" && len(nonce) <= 128
}
