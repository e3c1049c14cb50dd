package main

import (
	"encoding/binary"
	"errors"
	"net"

	"golang.org/x/sys/unix"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/kube-network-policies/pkg/network"
)

// Errors of parse.
var (
	errNotIPv4 = errors.New("not an IPv4 packet")
	errShort   = errors.New("packet ends within its headers")
)

// parse reads addresses, protocol and ports of an IPv4 packet as the queue hands it
// out: whole headers, defragmented by conntrack. Protocols without ports leave Proto
// empty and the ports zero, as the engine expects.
func parse(b []byte) (*network.Packet, error) {
	if len(b) < 20 {
		return nil, errShort
	}
	header := int(b[0]&0xf) * 4
	if b[0]>>4 != 4 || header < 20 {
		return nil, errNotIPv4
	}
	p := &network.Packet{
		Family: corev1.IPv4Protocol,
		SrcIP:  net.IPv4(b[12], b[13], b[14], b[15]),
		DstIP:  net.IPv4(b[16], b[17], b[18], b[19]),
		Proto:  protocol(b[9]),
	}
	if p.Proto == "" {
		return p, nil
	}
	if len(b) < header+4 {
		return nil, errShort
	}
	p.SrcPort = int(binary.BigEndian.Uint16(b[header:]))
	p.DstPort = int(binary.BigEndian.Uint16(b[header+2:]))
	return p, nil
}

// protocol returns the API's name of an IP protocol number, "" when it has none.
func protocol(number uint8) corev1.Protocol {
	switch number {
	case unix.IPPROTO_TCP:
		return corev1.ProtocolTCP
	case unix.IPPROTO_UDP:
		return corev1.ProtocolUDP
	case unix.IPPROTO_SCTP:
		return corev1.ProtocolSCTP
	}
	return ""
}
