package algebra

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestParseConns(t *testing.T) {
	not80 := ProtocolConns(TCP).Subtract(Ports(TCP, 80, 80)).Subtract(Ports(TCP, 0, 0))
	for text, want := range map[string]Set{
		"all":                          AllConns(),
		" ALL ":                        AllConns(),
		"All Connections":              AllConns(),
		"none":                         nil,
		"No  Connections":              nil,
		"TCP":                          ProtocolConns(TCP),
		"tcp 1-65535":                  ProtocolConns(TCP),
		"TCP 0-65535":                  ProtocolConns(TCP),
		"TCP 80":                       Ports(TCP, 80, 80),
		"protocol 6 80":                Ports(TCP, 80, 80),
		"TCP 80,90-100; UDP 53":        UnionAll([]Set{Ports(TCP, 80, 80), Ports(TCP, 90, 100), Ports(UDP, 53, 53)}),
		"TCP 80 , 90 - 100 ;UDP 53":    UnionAll([]Set{Ports(TCP, 80, 80), Ports(TCP, 90, 100), Ports(UDP, 53, 53)}),
		"TCP 80, TCP 81":               Ports(TCP, 80, 81),
		"TCP,UDP,SCTP":                 PortProtocols(),
		"icmp":                         ProtocolConns(ICMP),
		"ICMP, TCP 80":                 ProtocolConns(ICMP).Union(Ports(TCP, 80, 80)),
		"icmp TYPE 8 Code 0":           Ports(ICMP, 8<<8, 8<<8),
		"ICMPv6 type 1-2":              Ports(ICMPv6, 1<<8, 2<<8|255),
		"ICMP type 3,5 code 1, UDP 53": UnionAll([]Set{Ports(ICMP, 3<<8|1, 3<<8|1), Ports(ICMP, 5<<8|1, 5<<8|1), Ports(UDP, 53, 53)}),
		"protocol 47":                  ProtocolConns(47),
		"protocol 47 5-6":              Ports(47, 5, 6),
		"protocols 2-3, 9, TCP 1":      UnionAll([]Set{ProtocolConns(2), ProtocolConns(3), ProtocolConns(9), Ports(TCP, 1, 1)}),
		"other protocols":              OtherProtocols(),
		"IPv4: TCP 80 | IPv6: none":    PortsIn(IPv4, TCP, 80, 80),
		"ipv6 : all":                   FamilyConns(IPv6),
		"IPv6: UDP 53|IPv4: tcp 80":    PortsIn(IPv4, TCP, 80, 80).Union(PortsIn(IPv6, UDP, 53, 53)),
		"SCTP 1-65535,TCP 1-79,81-65535,UDP 1-65535": UnionAll([]Set{ProtocolConns(SCTP), not80, ProtocolConns(UDP)}),
	} {
		got, err := ParseConns(text)
		if err != nil || !got.Equal(want) {
			t.Errorf("ParseConns(%q) = %v, %v; want %v", text, got, err, want)
		}
		checkCanonical(t, got)
	}
}

func TestParseConnsErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "nothing given",
		"  ":                      "nothing given",
		"IPv4:":                   "nothing given",
		"80":                      `found "80"`,
		"TPC 80":                  `found "TPC"`,
		"GRE":                     `"protocols 2-5"`,
		"TCP 0":                   "port 0 is no connection",
		"TCP 0-80":                "port 0 is no connection",
		"TCP 65536":               "port 65536 is out of range: the largest is 65535",
		"TCP 99999999999999999":   "out of range",
		"TCP 90-80":               "90-80 is backwards",
		"TCP 80-":                 "found the end",
		"TCP 80;":                 "want a protocol, found the end",
		"TCP 80,":                 "want a protocol, found the end",
		"TCP 80 90":               `unexpected "90"`,
		"TCP 80:90":               `unexpected ":"`,
		"TCP -80":                 `unexpected "-"`,
		"TCP é":                   `unexpected "é"`,
		"TCP 80; none":            `"none" stands alone`,
		"all; TCP 80":             `"all" stands alone`,
		"ICMP 8":                  `want "ICMP type 8"`,
		"ICMP type":               "ICMP type: want a number 0-255, found the end",
		"ICMP type 256":           "ICMP type 256 is out of range",
		"ICMP type 8 code x":      `found "x"`,
		"protocol":                "want a number 0-255",
		"protocol 256":            "out of range",
		"protocol 47,50":          `found "50"`,
		"protocols 5-2":           "backwards",
		"other things":            `found "other"`,
		"TCP 80 | UDP 53":         "names no family",
		"IPv4: TCP | IPv5: UDP":   "names no family",
		"IPv4: TCP | IPv4: UDP":   "IPv4 is given twice",
		"IPv4: TCP | IPv6: TCP x": `unexpected "x"`,
	} {
		_, err := ParseConns(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseConns(%q): error %v, want one with %q", text, err, want)
		}
	}
}

// randomConns returns a set whose edges lie at and around those of planes and ICMP types.
func randomConns(r *rand.Rand) Set {
	protocols := []Protocol{0, ICMP, 5, TCP, 7, UDP, 47, ICMPv6, SCTP, 255}
	ports := []uint16{0, 1, 2, 79, 80, 255, 256, 257, 511, 512, 65279, 65280, 65534, 65535}
	s := [...]Set{nil, nil, AllConns(), PortProtocols(), OtherProtocols(), FamilyConns(IPv4)}[r.IntN(6)]
	for range r.IntN(8) {
		p := protocols[r.IntN(len(protocols))]
		part := Ports(p, ports[r.IntN(len(ports))], ports[r.IntN(len(ports))])
		switch r.IntN(6) {
		case 0:
			part = ProtocolConns(p)
		case 1:
			part = InFamily(part, Family(r.IntN(2)))
		}
		if r.IntN(3) == 0 {
			s = s.Subtract(part)
		} else {
			s = s.Union(part)
		}
	}
	return s
}

func TestConnsRoundTrip(t *testing.T) {
	for seed := range uint64(5000) {
		s := randomConns(rand.New(rand.NewPCG(seed, 2)))
		checkRoundTrip(t, s)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// checkRoundTrip writes and reads s, which must give the same connections. Port 0 is not one.
func checkRoundTrip(t *testing.T, s Set) {
	t.Helper()
	text := FormatConns(s)
	got, err := ParseConns(text)
	if err != nil {
		t.Errorf("%v is written as %q, which fails: %v", s, text, err)
		return
	}
	if !DropPortZero(got).Equal(DropPortZero(s.Intersect(AllConns()))) {
		t.Errorf("%v is written as %q, which reads as %v", s, text, got)
	}
	if again := FormatConns(got); again != text {
		t.Errorf("%q is written again as %q", text, again)
	}
}

// Text tells sets apart: it differs exactly when the connections do.
func TestFormatIsInjective(t *testing.T) {
	seen := map[string]Set{}
	for seed := range uint64(3000) {
		s := DropPortZero(randomConns(rand.New(rand.NewPCG(seed, 2))))
		text := FormatConns(s)
		if other, ok := seen[text]; ok && !other.Equal(s) {
			t.Fatalf("%q is the text of %v and of %v", text, s, other)
		}
		seen[text] = s
	}
}

func FuzzParseConns(f *testing.F) {
	for _, seed := range []string{
		"all", "none", "All Connections", "TCP 80,90-100; UDP 53", "ICMP type 3 code 0-1,4", "other protocols",
		"IPv4: TCP 80 | IPv6: none", "protocols 2-5,9; protocol 47 5-6", "SCTP 1-65535,TCP 1-79,81-65535",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseConns(text)
		if err != nil {
			if s != nil {
				t.Errorf("an error and the set %v", s)
			}
			return
		}
		checkCanonical(t, s)
		if !s.SubsetOf(AllConns()) {
			t.Errorf("%v is more than all connections", s)
		}
		checkRoundTrip(t, s)
	})
}
