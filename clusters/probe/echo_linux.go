package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"syscall"

	"github.com/netfate/netfate/clusters/observation"
)

// echo sends one echo request and waits for its reply. It is the kernel of the other side that answers, not an agent:
// the reply shows that the network let both through, and says nothing of who is there.
func (t *try) echo(ctx context.Context) Report {
	to, err := netip.ParseAddr(t.To)
	if err != nil || to.Is4() != (t.Protocol == ICMP) {
		return inconclusive("%s to %s, an address of the other family", t.Protocol, t.To)
	}
	conn, err := dialEcho(to, t.Source)
	if err != nil {
		var no *noEchoError
		if errors.As(err, &no) {
			return inconclusive("%v", err)
		}
		return notConnected(err)
	}
	defer conn.Close() //nolint:errcheck // it was used
	if d, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(d)
	}
	if _, err := conn.Write(echoMessage(t.Protocol, t.nonce)); err != nil {
		return notConnected(err)
	}
	for buf := make([]byte, maxLine); ; {
		n, err := conn.Read(buf)
		if err != nil {
			return notEchoed(err)
		}
		if echoes(t.Protocol, t.nonce, buf[:n]) {
			return Report{Result: observation.Connected, Over: "icmp"}
		}
	}
}

// noEchoError is why a pod cannot send echo requests.
type noEchoError struct {
	what string
	err  error
}

// Error says what to do.
func (e *noEchoError) Error() string { return fmt.Sprintf("%s (%v)", e.what, e.err) }

// dialEcho opens a socket that sends and receives echo messages with one other side, without privileges: the kernel
// lets the groups of the sysctl net.ipv4.ping_group_range do that, for both families (icmp(7)).
func dialEcho(to netip.Addr, source string) (net.Conn, error) {
	family, proto := syscall.AF_INET, syscall.IPPROTO_ICMP
	if !to.Is4() {
		family, proto = syscall.AF_INET6, syscall.IPPROTO_ICMPV6
	}
	fd, err := syscall.Socket(family, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC|syscall.SOCK_NONBLOCK, proto)
	if err != nil {
		what := "the source's kernel opens no socket of ICMP"
		if errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.EPERM) {
			what = "not permitted to send ICMP: the sysctl net.ipv4.ping_group_range of the source's network does not hold the agent's group"
		}
		return nil, &noEchoError{what, err}
	}
	f := os.NewFile(uintptr(fd), "icmp")
	defer f.Close() //nolint:errcheck // FileConn has a copy
	if err := bind(fd, source); err != nil {
		return nil, err
	}
	if err := syscall.Connect(fd, sockaddr(to, 0)); err != nil {
		return nil, os.NewSyscallError("connect", err)
	}
	return net.FileConn(f)
}

// HasICMP tells whether this process may send echo requests.
func HasICMP() bool {
	c, err := dialEcho(netip.AddrFrom4([4]byte{127, 0, 0, 1}), "")
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}
