package probe

import (
	"net"
	"syscall"
)

// wantDestination asks the kernel for the address that each datagram was sent to.
func wantDestination(c *net.UDPConn, v6 bool) error {
	level, option := syscall.IPPROTO_IP, syscall.IP_PKTINFO
	if v6 {
		level, option = syscall.IPPROTO_IPV6, syscall.IPV6_RECVPKTINFO
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	var set error
	err = raw.Control(func(fd uintptr) { set = syscall.SetsockoptInt(int(fd), level, option, 1) })
	if err == nil {
		err = set
	}
	return err
}

// fromDestination turns what came with a datagram into what makes the answer leave from the same
// address: the interface is left to the routes (ip(7), IP_PKTINFO; ipv6(7), IPV6_PKTINFO).
func fromDestination(oob []byte) []byte {
	messages, err := syscall.ParseSocketControlMessage(oob)
	if err != nil || len(messages) != 1 {
		return nil
	}
	m := messages[0]
	switch {
	case m.Header.Level == syscall.IPPROTO_IP && m.Header.Type == syscall.IP_PKTINFO && len(m.Data) >= syscall.SizeofInet4Pktinfo:
		clear(m.Data[:4]) // struct in_pktinfo: ipi_ifindex first
	case m.Header.Level == syscall.IPPROTO_IPV6 && m.Header.Type == syscall.IPV6_PKTINFO && len(m.Data) >= syscall.SizeofInet6Pktinfo:
		clear(m.Data[16:20]) // struct in6_pktinfo: ipi6_ifindex behind the address
	default:
		return nil
	}
	return oob
}
