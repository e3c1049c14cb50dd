package algebra

const (
	maxPort    = 1<<16 - 1
	familyBits = 1<<24 - 1 // the values of one family
	maxConn    = 1<<25 - 1 // the last connection of IPv6, and so of all
)

// ConnKey returns the point of the connection space for a family, a protocol and a port. For ICMP and
// ICMPv6 the port is type<<8|code.
func ConnKey(f Family, p Protocol, port uint16) uint32 {
	return uint32(f)<<24 | uint32(p)<<16 | uint32(port)
}

// ConnParts returns the family, protocol and port of a point that ConnKey made.
func ConnParts(key uint32) (Family, Protocol, uint16) {
	return Family(key >> 24), Protocol(key >> 16), uint16(key)
}

// Ports returns the connections of p to the ports lo..hi in both families, none when lo > hi.
func Ports(p Protocol, lo, hi uint16) Set {
	if lo > hi {
		return nil
	}
	return Set{
		{ConnKey(IPv4, p, lo), ConnKey(IPv4, p, hi)},
		{ConnKey(IPv6, p, lo), ConnKey(IPv6, p, hi)},
	}
}

// PortsIn returns the connections of p to the ports lo..hi in family f, none when lo > hi.
func PortsIn(f Family, p Protocol, lo, hi uint16) Set {
	return Of(ConnKey(f, p, lo), ConnKey(f, p, hi))
}

// ProtocolConns returns all connections of p in both families.
func ProtocolConns(p Protocol) Set { return Ports(p, 0, maxPort) }

// AllConns returns all connections: both families, all protocols, all ports.
func AllConns() Set { return Set{{0, maxConn}} }

// FamilyConns returns all connections of family f.
func FamilyConns(f Family) Set {
	lo := uint32(f) << 24
	return Set{{lo, lo | familyBits}}
}

// InFamily returns the connections of s that are of family f.
func InFamily(s Set, f Family) Set { return s.Intersect(FamilyConns(f)) }

// PortProtocols returns all connections of TCP, UDP and SCTP in both families.
func PortProtocols() Set {
	s := make(Set, 0, 6)
	for _, f := range [...]Family{IPv4, IPv6} {
		for _, p := range [...]Protocol{TCP, UDP, SCTP} {
			s = append(s, Interval{ConnKey(f, p, 0), ConnKey(f, p, maxPort)})
		}
	}
	return s
}

// OtherProtocols returns all connections of all protocols but TCP, UDP and SCTP, in both families.
func OtherProtocols() Set { return AllConns().Subtract(PortProtocols()) }

// DropPortZero returns s without port 0 of TCP, UDP and SCTP, which no connection has. Compare the
// results where sets of different origin may differ in it alone.
func DropPortZero(s Set) Set {
	zeros := make(Set, 0, 6)
	for _, x := range PortProtocols() {
		zeros = append(zeros, Interval{x.Lo, x.Lo})
	}
	return s.Subtract(zeros)
}
