// Package algebra holds the exact sets that every answer of netfate is computed with: sets of
// connections, sets of addresses, and a three-valued truth.
//
// A [Set] is a sorted list of closed uint32 intervals. A connection is one point of that space:
//
//	family<<24 | protocol<<16 | port
//
// so one interval list carries both IP families, all 256 IP protocols and all ports, and "all
// connections" is a single interval. ICMP and ICMPv6 use type<<8|code in place of the port. An
// [AddrSet] does the same for IPv4 and IPv6 addresses.
//
// Both are values: no operation changes its operands, and a result may share memory with an operand
// that it equals, so a set must not be written to after it was built. Both are canonical: equal sets
// have equal representations. A nil set is the empty set.
//
// # Port 0
//
// The space holds port 0 of TCP, UDP and SCTP so that a whole protocol is one interval, but no
// connection has port 0. Text never shows it: the ports 0-65535 and 1-65535 both print as 1-65535.
// [DropPortZero] removes it where two sets of different origin are compared or a witness is taken.
//
// # Speed
//
// Operations are linear in the number of intervals. [AppendUnion], [AppendIntersect] and
// [AppendSubtract] write into a buffer of the caller and do not allocate once it is large enough.
// An [Interner] gives equal sets one small number, so that equality is one comparison, and remembers
// the results of operations on those numbers.
package algebra
