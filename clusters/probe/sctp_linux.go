package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"
)

// listenSCTP opens a one-to-one style socket, which is used like one of TCP (RFC 6458, section 4).
func (s *Server) listenSCTP(host string, port uint16) error {
	addr := netip.IPv4Unspecified()
	if host != "" {
		var err error
		if addr, err = netip.ParseAddr(host); err != nil {
			return err
		}
	}
	fd, err := socketSCTP(addr)
	if err != nil {
		return err
	}
	f := os.NewFile(uintptr(fd), "sctp")
	defer f.Close() //nolint:errcheck // FileListener has a copy
	if err := syscall.Bind(fd, sockaddr(addr, port)); err != nil {
		return os.NewSyscallError("bind", err)
	}
	if err := syscall.Listen(fd, syscall.SOMAXCONN); err != nil {
		return os.NewSyscallError("listen", err)
	}
	l, err := net.FileListener(f)
	if err != nil {
		return err
	}
	s.accept(l, "sctp")
	return nil
}

// dialSCTP connects; the deadline is the context's.
func dialSCTP(ctx context.Context, to string, port uint16, source string) (net.Conn, error) {
	addr, err := netip.ParseAddr(to)
	if err != nil {
		return nil, err
	}
	fd, err := socketSCTP(addr)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "sctp")
	defer f.Close() //nolint:errcheck // FileConn has a copy
	if err := bind(fd, source); err != nil {
		return nil, err
	}
	if err := syscall.Connect(fd, sockaddr(addr, port)); err != nil && !errors.Is(err, syscall.EINPROGRESS) {
		return nil, os.NewSyscallError("connect", err)
	}
	if err := connected(ctx, f); err != nil {
		return nil, err
	}
	return net.FileConn(f)
}

// bind gives a socket the address to send from; "" leaves it to the kernel.
func bind(fd int, source string) error {
	if source == "" {
		return nil
	}
	src, err := netip.ParseAddr(source)
	if err != nil {
		return err
	}
	return os.NewSyscallError("bind", syscall.Bind(fd, sockaddr(src, 0)))
}

// connected waits for a connection that is in progress.
func connected(ctx context.Context, f *os.File) error {
	if d, ok := ctx.Deadline(); ok {
		_ = f.SetWriteDeadline(d)
		defer func() { _ = f.SetWriteDeadline(time.Time{}) }()
	}
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var result error
	err = raw.Write(func(fd uintptr) bool {
		code, err := syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_ERROR)
		switch {
		case err != nil:
			result = os.NewSyscallError("getsockopt", err)
		case code != 0:
			result = os.NewSyscallError("connect", syscall.Errno(code))
		default:
			_, err := syscall.Getpeername(int(fd))
			return err == nil
		}
		return true
	})
	if err == nil {
		err = result
	}
	return err
}

func socketSCTP(addr netip.Addr) (int, error) {
	family := syscall.AF_INET
	if addr.Is6() {
		family = syscall.AF_INET6
	}
	fd, err := syscall.Socket(family, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC|syscall.SOCK_NONBLOCK, syscall.IPPROTO_SCTP)
	if errors.Is(err, syscall.EPROTONOSUPPORT) || errors.Is(err, syscall.ESOCKTNOSUPPORT) {
		return 0, fmt.Errorf("the kernel has no SCTP: %w", err)
	}
	return fd, os.NewSyscallError("socket", err)
}

func sockaddr(a netip.Addr, port uint16) syscall.Sockaddr {
	if a.Is4() {
		return &syscall.SockaddrInet4{Port: int(port), Addr: a.As4()}
	}
	return &syscall.SockaddrInet6{Port: int(port), Addr: a.As16()}
}

// HasSCTP tells whether the kernel speaks SCTP.
func HasSCTP() bool {
	fd, err := socketSCTP(netip.IPv4Unspecified())
	if err == nil {
		_ = syscall.Close(fd)
	}
	return err == nil
}
