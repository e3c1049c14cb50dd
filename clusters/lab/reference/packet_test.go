package main

import (
	"errors"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// ipv4 returns a packet from 10.0.0.1:4660 to 10.0.0.2:80, with options of so many words.
func ipv4(protocol byte, options int) []byte {
	b := make([]byte, 20+4*options, 64)
	b[0], b[9] = 0x40|byte(5+options), protocol
	copy(b[12:], []byte{10, 0, 0, 1, 10, 0, 0, 2})
	return append(b, 0x12, 0x34, 0, 80, 0, 0, 0, 0)
}

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		bytes    []byte
		protocol corev1.Protocol
		port     int
		err      error
	}{
		"TCP":                   {bytes: ipv4(6, 0), protocol: corev1.ProtocolTCP, port: 80},
		"UDP with options":      {bytes: ipv4(17, 3), protocol: corev1.ProtocolUDP, port: 80},
		"SCTP":                  {bytes: ipv4(132, 0), protocol: corev1.ProtocolSCTP, port: 80},
		"ICMP has no port":      {bytes: ipv4(1, 0)},
		"IPv6":                  {bytes: append([]byte{0x60}, make([]byte, 40)...), err: errNotIPv4},
		"header of four words":  {bytes: append([]byte{0x44}, make([]byte, 40)...), err: errNotIPv4},
		"ends in the header":    {bytes: ipv4(6, 0)[:19], err: errShort},
		"ends in the options":   {bytes: ipv4(6, 2)[:24], err: errShort},
		"ends before the ports": {bytes: ipv4(6, 0)[:22], err: errShort},
		"empty":                 {err: errShort},
	} {
		p, err := parse(c.bytes)
		if !errors.Is(err, c.err) {
			t.Errorf("%s: error %v, want %v", name, err, c.err)
		}
		if err != nil {
			continue
		}
		if p.Proto != c.protocol || p.DstPort != c.port || p.SrcIP.String() != "10.0.0.1" || p.DstIP.String() != "10.0.0.2" {
			t.Errorf("%s: %s %s -> %s:%d", name, p.Proto, p.SrcIP, p.DstIP, p.DstPort)
		}
	}
}

// FuzzParse: no bytes make it panic, and what it returns has addresses.
func FuzzParse(f *testing.F) {
	f.Add(ipv4(6, 0))
	f.Add(ipv4(17, 10))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := parse(b); err == nil && (p.SrcIP.To4() == nil || p.DstIP.To4() == nil) {
			t.Errorf("%x has no addresses", b)
		}
	})
}
