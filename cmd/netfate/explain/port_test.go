package explain

import (
	"strings"
	"testing"
)

func TestParsePort(t *testing.T) {
	tests := []struct{ in, want, err string }{
		{in: "80", want: "TCP 80"},
		{in: "TCP 80", want: "TCP 80"},
		{in: "tcp/80", want: "TCP 80"},
		{in: "53/udp", want: "UDP 53"},
		{in: "sctp:9999", want: "SCTP 9999"},
		{in: "icmp", want: "ICMP"},
		{in: "ICMPv6", want: "ICMPv6"},
		{in: "protocol 47", want: "protocol 47"},
		{in: "protocol 0", want: "protocol 0"},
		{in: "0", err: "1 to 65535"},
		{in: "65536", err: "1 to 65535"},
		{in: "-1", err: "1 to 65535"},
		{in: "tcp", err: "say which port"},
		{in: "protocol 6", err: "say which port"},
		{in: "http", err: "want a port"},
		{in: "icmp 80", err: "has no ports"},
		{in: "quic 80", err: "unknown protocol"},
		{in: "tcp eighty", err: "1 to 65535"},
		{in: "", err: "want a port"},
		{in: "tcp 80 81", err: "want a port"},
	}
	for _, tt := range tests {
		got, err := parsePort(tt.in)
		switch {
		case tt.err != "":
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("parsePort(%q): error %v, want one with %q", tt.in, err, tt.err)
			}
		case err != nil || got.text != tt.want:
			t.Errorf("parsePort(%q) = %q, %v; want %q", tt.in, got.text, err, tt.want)
		}
	}
}

func FuzzParsePort(f *testing.F) {
	for _, s := range []string{"80", "TCP 80", "53/udp", "icmp", "protocol 47", "/", "99999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePort(s)
		if err != nil {
			return
		}
		again, err := parsePort(p.text)
		if err != nil || again.protocol != p.protocol || again.number != p.number {
			t.Errorf("parsePort(%q) says %q, which reads as %v, %v", s, p.text, again, err)
		}
	})
}
