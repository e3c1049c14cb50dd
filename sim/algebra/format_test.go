package algebra

import "testing"

func TestFormatConns(t *testing.T) {
	all := AllConns()
	icmp := func(typ, code uint16) Set { return Ports(ICMP, typ<<8|code, typ<<8|code) }
	for _, c := range []struct {
		name string
		s    Set
		want string
	}{
		{"nothing", nil, "none"},
		{"everything", all, "all"},
		{"everything but port 0", DropPortZero(all), "all"},
		{"more than everything", Of(0, 1<<31), "all"},
		{"port 0 alone", Ports(TCP, 0, 0), "none"},
		{"a port", Ports(TCP, 80, 80), "TCP 80"},
		{"whole plane", ProtocolConns(TCP), "TCP 1-65535"},
		{"whole plane without port 0", Ports(TCP, 1, 65535), "TCP 1-65535"},
		{"sorted by name", UnionAll([]Set{Ports(UDP, 53, 53), ProtocolConns(SCTP),
			ProtocolConns(TCP).Subtract(Ports(TCP, 80, 80))}), "SCTP 1-65535; TCP 1-79,81-65535; UDP 53"},
		{"adjacent planes", ProtocolConns(5).Union(ProtocolConns(TCP)).Union(Ports(7, 0, 9)),
			"TCP 1-65535; protocol 7 0-9; protocol 5"},
		{"port protocols", PortProtocols(), "SCTP 1-65535; TCP 1-65535; UDP 1-65535"},
		{"other protocols", OtherProtocols(), "other protocols"},
		{"all but one port", all.Subtract(Ports(TCP, 80, 80)),
			"SCTP 1-65535; TCP 1-79,81-65535; UDP 1-65535; other protocols"},
		{"all but ICMP", OtherProtocols().Subtract(ProtocolConns(ICMP)),
			"ICMPv6; protocols 0,2-5,7-16,18-57,59-131,133-255"},
		{"ICMP", ProtocolConns(ICMP).Union(ProtocolConns(ICMPv6)), "ICMP; ICMPv6"},
		{"ICMP and TCP", ProtocolConns(ICMP).Union(Ports(TCP, 80, 80)), "ICMP; TCP 80"},
		{"ICMP echo", icmp(8, 0), "ICMP type 8 code 0"},
		{"ICMP echo reply is value 0", icmp(0, 0), "ICMP type 0 code 0"},
		{"ICMP type", Ports(ICMP, 8<<8, 8<<8|255), "ICMP type 8"},
		{"ICMP across types", Ports(ICMP, 3<<8|5, 6<<8|2),
			"ICMP type 4-5; ICMP type 3 code 5-255; ICMP type 6 code 0-2"},
		{"ICMP codes", icmp(3, 0).Union(icmp(3, 1)).Union(icmp(3, 4)), "ICMP type 3 code 0-1,4"},
		{"ICMP last value", icmp(255, 255), "ICMP type 255 code 255"},
		{"one unknown", ProtocolConns(47), "protocol 47"},
		{"unknown range", UnionAll([]Set{ProtocolConns(2), ProtocolConns(3), ProtocolConns(9)}), "protocols 2-3,9"},
		{"part of an unknown", Ports(47, 5, 6), "protocol 47 5-6"},
		{"one family", PortsIn(IPv4, TCP, 80, 80), "IPv4: TCP 80 | IPv6: none"},
		{"whole family", FamilyConns(IPv6), "IPv4: none | IPv6: all"},
		{"families differ", PortsIn(IPv4, TCP, 80, 80).Union(PortsIn(IPv6, UDP, 53, 53)),
			"IPv4: TCP 80 | IPv6: UDP 53"},
		{"port 0 makes no difference", Ports(TCP, 80, 80).Union(PortsIn(IPv6, TCP, 0, 0)), "TCP 80"},
	} {
		if got := FormatConns(c.s); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestFormatConnsInFamilies(t *testing.T) {
	s := FamilyConns(IPv4).Union(PortsIn(IPv6, TCP, 80, 80))
	for _, c := range []struct {
		fams []Family
		want string
	}{
		{nil, "IPv4: all | IPv6: TCP 80"},
		{[]Family{IPv4}, "all"},
		{[]Family{IPv6}, "TCP 80"},
		{[]Family{IPv6, IPv4}, "IPv6: TCP 80 | IPv4: all"},
	} {
		if got := FormatConns(s, c.fams...); got != c.want {
			t.Errorf("%v: %q, want %q", c.fams, got, c.want)
		}
	}
}

func TestFormatPortsAndOther(t *testing.T) {
	mixed := UnionAll([]Set{Ports(TCP, 80, 80), ProtocolConns(UDP), ProtocolConns(ICMP), PortsIn(IPv6, 47, 0, 65535)})
	for _, c := range []struct {
		name         string
		s            Set
		f            Family
		ports, other string
	}{
		{"nothing", nil, IPv4, "", ""},
		{"everything", AllConns(), IPv4, "SCTP 1-65535; TCP 1-65535; UDP 1-65535", "all"},
		{"other family", FamilyConns(IPv4), IPv6, "", ""},
		{"other protocols", OtherProtocols(), IPv6, "", "all"},
		{"port 0", Ports(TCP, 0, 0), IPv4, "", ""},
		{"mixed, IPv4", mixed, IPv4, "TCP 80; UDP 1-65535", "ICMP"},
		{"mixed, IPv6", mixed, IPv6, "TCP 80; UDP 1-65535", "ICMP; protocol 47"},
	} {
		if got := FormatPorts(c.s, c.f); got != c.ports {
			t.Errorf("%s: ports %q, want %q", c.name, got, c.ports)
		}
		if got := FormatOther(c.s, c.f); got != c.other {
			t.Errorf("%s: other %q, want %q", c.name, got, c.other)
		}
	}
}
