package algebra

import "testing"

func TestConnKeyAndParts(t *testing.T) {
	for _, c := range []struct {
		f    Family
		p    Protocol
		port uint16
		want uint32
	}{
		{IPv4, 0, 0, 0},
		{IPv4, TCP, 80, 6<<16 | 80},
		{IPv6, TCP, 80, 1<<24 | 6<<16 | 80},
		{IPv6, ICMPv6, 128 << 8, 1<<24 | 58<<16 | 128<<8},
		{IPv6, 255, 65535, 1<<25 - 1},
	} {
		key := ConnKey(c.f, c.p, c.port)
		if key != c.want {
			t.Errorf("ConnKey(%v, %v, %d) = %#x, want %#x", c.f, c.p, c.port, key, c.want)
		}
		if f, p, port := ConnParts(key); f != c.f || p != c.p || port != c.port {
			t.Errorf("ConnParts(%#x) = %v, %v, %d", key, f, p, port)
		}
	}
}

func TestConnSpace(t *testing.T) {
	all := AllConns()
	for _, c := range []struct {
		name      string
		got, want Set
	}{
		{"families make all", FamilyConns(IPv4).Union(FamilyConns(IPv6)), all},
		{"families are disjoint", FamilyConns(IPv4).Intersect(FamilyConns(IPv6)), nil},
		{"in a family", InFamily(all, IPv6), FamilyConns(IPv6)},
		{"kinds make all", PortProtocols().Union(OtherProtocols()), all},
		{"kinds are disjoint", PortProtocols().Intersect(OtherProtocols()), nil},
		{"ports in both families", Ports(TCP, 1, 2), PortsIn(IPv4, TCP, 1, 2).Union(PortsIn(IPv6, TCP, 1, 2))},
		{"backwards", Ports(TCP, 2, 1), nil},
		{"backwards in a family", PortsIn(IPv6, TCP, 2, 1), nil},
		{"one protocol", InFamily(ProtocolConns(UDP), IPv4), PortsIn(IPv4, UDP, 0, 65535)},
		{"port zero alone", DropPortZero(Ports(SCTP, 0, 0)), nil},
		{"port zero of all", DropPortZero(ProtocolConns(TCP)), Ports(TCP, 1, 65535)},
		{"value zero of ICMP stays", DropPortZero(Ports(ICMP, 0, 0)), Ports(ICMP, 0, 0)},
	} {
		if !c.got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
	var protocols []Set
	for p := range 256 {
		protocols = append(protocols, ProtocolConns(Protocol(p)))
	}
	if got := UnionAll(protocols); !got.Equal(all) {
		t.Errorf("all protocols = %v", got)
	}
	if got := all.Size(); got != 2*256*65536 {
		t.Errorf("size of all = %d", got)
	}
}

func TestParseProtocol(t *testing.T) {
	for text, want := range map[string]Protocol{
		"TCP": TCP, "tcp": TCP, " Udp ": UDP, "SCTP": SCTP, "icmp": ICMP, "ICMPv6": ICMPv6, "icmpV6": ICMPv6,
		"0": 0, "6": TCP, "47": 47, "255": 255, "protocol 47": 47, "Protocol 6": TCP,
	} {
		if got, err := ParseProtocol(text); err != nil || got != want {
			t.Errorf("ParseProtocol(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "TPC", "256", "-1", "1.5", "protocol", "protocol x", "0x6"} {
		if got, err := ParseProtocol(text); err == nil {
			t.Errorf("ParseProtocol(%q) = %v, want an error", text, got)
		}
	}
	for p := range 256 {
		if got, err := ParseProtocol(Protocol(p).String()); err != nil || got != Protocol(p) {
			t.Errorf("%v reads back as %v, %v", Protocol(p), got, err)
		}
	}
}

func TestFamilyString(t *testing.T) {
	if got := IPv4.String() + IPv6.String() + Family(2).String(); got != "IPv4IPv6family 2" {
		t.Errorf("texts: %s", got)
	}
}
