package probe

import (
	"context"
	"errors"
	"net"
	"strconv"
	"syscall"
)

// udp sends one datagram and waits for its answer: nothing else tells that a datagram arrived.
func (t *try) udp(ctx context.Context) Report {
	var d net.Dialer
	if t.Source != "" {
		d.LocalAddr = &net.UDPAddr{IP: net.ParseIP(t.Source)}
	}
	conn, err := d.DialContext(ctx, "udp", net.JoinHostPort(t.To, strconv.Itoa(int(t.Port))))
	if err != nil {
		return notConnected(err)
	}
	defer conn.Close() //nolint:errcheck // it was used
	if d, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(d)
	}
	if _, err := conn.Write(question(t.nonce)); err != nil {
		return notConnected(err)
	}
	buf := make([]byte, maxLine)
	n, err := conn.Read(buf)
	if errors.Is(err, syscall.EHOSTUNREACH) { // of ICMP only what prohibits is told to a UDP socket this way (Linux, icmp_err_convert: fatal)
		err = errProhibited
	}
	if err != nil {
		return notConnected(err)
	}
	return t.judge(buf[:n])
}
