package algebra_test

import (
	"fmt"
	"net/netip"

	"github.com/netfate/netfate/sim/algebra"
)

func ExampleFormatConns() {
	web := algebra.Ports(algebra.TCP, 80, 80)
	fmt.Println(algebra.FormatConns(algebra.PortProtocols().Subtract(web)))
	fmt.Println(algebra.FormatConns(web.Union(algebra.PortsIn(algebra.IPv6, algebra.UDP, 53, 53))))
	fmt.Println(algebra.FormatConns(algebra.AllConns()))
	// Output:
	// SCTP 1-65535; TCP 1-79,81-65535; UDP 1-65535
	// IPv4: TCP 80 | IPv6: TCP 80; UDP 53
	// all
}

func ExampleParseConns() {
	s, _ := algebra.ParseConns("TCP 80,443; ICMP type 8")
	fmt.Println(s.Contains(algebra.ConnKey(algebra.IPv4, algebra.TCP, 443)))
	_, err := algebra.ParseConns("TCP 70000")
	fmt.Println(err)
	// Output:
	// true
	// connections "TCP 70000": port 70000 is out of range: the largest is 65535
}

func ExamplePrefixSet() {
	s := algebra.PrefixSet(netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("10.0.0.64/26"))
	fmt.Println(s)
	fmt.Println(s.Prefixes())
	// Output:
	// 10.0.0.0-10.0.0.63,10.0.0.128-10.0.0.255
	// [10.0.0.0/26 10.0.0.128/25]
}

func ExampleInterner() {
	in := algebra.NewInterner()
	web := in.ID(algebra.Ports(algebra.TCP, 80, 80))
	rest := in.Subtract(algebra.AllID, web)
	fmt.Println(in.Union(web, rest) == algebra.AllID, in.Intersect(web, rest) == algebra.NoneID)
	// Output: true true
}
