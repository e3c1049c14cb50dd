package probe

import (
	"encoding/json"
	"errors"
	"net"
	"strconv"
	"syscall"
)

// listenUDP opens a socket for each family: a server that listens on all addresses answers from the one
// that it was asked at, and how to say that differs between the two.
func (s *Server) listenUDP(host string, port uint16) error {
	addr := net.JoinHostPort(host, strconv.Itoa(int(port)))
	open := 0
	var first error
	for _, network := range []string{"udp4", "udp6"} {
		c, err := net.ListenPacket(network, addr)
		if err != nil {
			if first == nil && !otherFamily(err) {
				first = err
			}
			continue
		}
		u, ok := c.(*net.UDPConn)
		if !ok || wantDestination(u, network == "udp6") != nil {
			_ = c.Close()
			continue
		}
		open++
		s.onClose(u.Close)
		s.work.Go(func() { s.datagrams(u) })
	}
	if open == 0 && first == nil {
		first = errors.New("the machine has no address of either family")
	}
	if open > 0 && errors.Is(first, syscall.EADDRINUSE) {
		return first
	}
	if open > 0 {
		return nil
	}
	return first
}

// otherFamily tells whether an address is of the other family, or the kernel has not this one.
func otherFamily(err error) bool {
	var ae *net.AddrError
	return errors.As(err, &ae) || errors.Is(err, syscall.EAFNOSUPPORT) || errors.Is(err, syscall.EADDRNOTAVAIL)
}

// datagrams answers until the socket is closed.
func (s *Server) datagrams(c *net.UDPConn) {
	buf, oob := make([]byte, maxLine), make([]byte, 128)
	for {
		n, m, _, from, err := c.ReadMsgUDPAddrPort(buf, oob)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue // an ICMP error of an earlier answer
		}
		nonce, ok := nonceOf(buf[:n])
		if !ok {
			continue
		}
		out, err := json.Marshal(s.answer(from.String(), "udp", nonce))
		if err != nil {
			continue
		}
		_, _, _ = c.WriteMsgUDPAddrPort(append(out, '\n'), fromDestination(oob[:m]), from)
	}
}
