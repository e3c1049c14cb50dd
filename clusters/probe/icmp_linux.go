package probe

import (
	"context"
	"net"
	"syscall"
)

// The codes of ICMP destination unreachable (type 3; of ICMPv6 type 1) by which a filter says that it
// refuses: RFC 1122, 3.2.2.1 and RFC 1812, 5.2.7.1; RFC 4443, 3.1.
func prohibits(origin, kind, code byte) bool {
	const fromICMP, fromICMP6 = 2, 3 // SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6 (linux/errqueue.h)
	switch {
	case origin == fromICMP && kind == 3:
		return code == 9 || code == 10 || code == 13
	case origin == fromICMP6 && kind == 1:
		return code == 1 || code == 5 || code == 6
	}
	return false
}

// prohibited connects once more to see which ICMP message a connect ends with: "no route to host" is what the
// kernel makes of a filter's refusal, and also of a host that is not there. The kernel keeps the message in
// the socket's queue of errors (ip(7), IP_RECVERR), which a copy of the socket outlives the connect for.
func prohibited(ctx context.Context, d net.Dialer, addr string) bool {
	socket := -1
	d.Control = func(network, _ string, c syscall.RawConn) error {
		level, option := syscall.IPPROTO_IP, syscall.IP_RECVERR
		if network == "tcp6" {
			level, option = syscall.IPPROTO_IPV6, syscall.IPV6_RECVERR
		}
		var set error
		err := c.Control(func(fd uintptr) {
			if set = syscall.SetsockoptInt(int(fd), level, option, 1); set == nil {
				socket, set = syscall.Dup(int(fd))
			}
		})
		if err == nil {
			err = set
		}
		return err
	}
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err == nil {
		_ = conn.Close()
	}
	if socket < 0 {
		return false
	}
	defer syscall.Close(socket) //nolint:errcheck // a copy that was only read
	oob := make([]byte, 512)
	_, n, _, _, err := syscall.Recvmsg(socket, make([]byte, 512), oob, syscall.MSG_ERRQUEUE|syscall.MSG_DONTWAIT)
	if err != nil {
		return false
	}
	messages, err := syscall.ParseSocketControlMessage(oob[:n])
	if err != nil {
		return false
	}
	for _, m := range messages {
		// struct sock_extended_err: ee_errno (4 bytes), ee_origin, ee_type, ee_code.
		if (m.Header.Type == syscall.IP_RECVERR || m.Header.Type == syscall.IPV6_RECVERR) && len(m.Data) >= 7 && prohibits(m.Data[4], m.Data[5], m.Data[6]) {
			return true
		}
	}
	return false
}
