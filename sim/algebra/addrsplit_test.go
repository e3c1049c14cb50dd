package algebra

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
)

func TestPrefixes(t *testing.T) {
	for text, want := range map[string]string{
		"none":                             "[]",
		"all":                              "[0.0.0.0/0 ::/0]",
		"1.2.3.4":                          "[1.2.3.4/32]",
		"0.0.0.1-255.255.255.255":          prefixesFromOne(),
		"10.0.0.0-10.0.0.5":                "[10.0.0.0/30 10.0.0.4/31]",
		"10.0.0.5-10.0.0.8":                "[10.0.0.5/32 10.0.0.6/31 10.0.0.8/32]",
		"255.255.255.254-255.255.255.255":  "[255.255.255.254/31]",
		"fd00::/8,10.0.0.0/9,10.128.0.0/9": "[10.0.0.0/8 fd00::/8]",
		"ffff::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff": "[ffff::/16]",
	} {
		s, err := ParseAddrSet(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(s.Prefixes()); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// prefixesFromOne lists what covers all of IPv4 but 0.0.0.0: one prefix of each length from 32 to 1.
func prefixesFromOne() string {
	var out []netip.Prefix
	for bits := 32; bits > 0; bits-- {
		var b [4]byte
		b[(bits-1)/8] = 1 << (7 - (bits-1)%8)
		out = append(out, netip.PrefixFrom(netip.AddrFrom4(b), bits))
	}
	return fmt.Sprint(out)
}

func TestPrefixesAreExactAndFewest(t *testing.T) {
	forAddrSamples(t, func(t *testing.T, r *rand.Rand, addrs []netip.Addr) {
		s, _ := sampleAddrs(r, addrs)
		prefixes := s.Prefixes()
		var ranges []AddrRange
		for i, p := range prefixes {
			if p != p.Masked() {
				t.Errorf("%v has host bits", p)
			}
			ranges = append(ranges, FromPrefix(p))
			if i == 0 {
				continue
			}
			// Fewest: no two neighbours are the halves of one prefix.
			wider := netip.PrefixFrom(p.Addr(), p.Bits()-1).Masked()
			if q := prefixes[i-1]; q.Bits() == p.Bits() && wider.IsValid() && wider.Contains(q.Addr()) {
				t.Errorf("%v and %v are %v", q, p, wider)
			}
		}
		if got := NewAddrSet(ranges...); !got.Equal(s) {
			t.Errorf("%v has the prefixes %v", s, prefixes)
		}
	})
}

func TestPartition(t *testing.T) {
	for _, c := range []struct {
		sets []string
		want string
	}{
		{nil, "[0.0.0.0-255.255.255.255 ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]"},
		{[]string{"none", "all"}, "[0.0.0.0-255.255.255.255 ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]"},
		{[]string{"10.0.0.0/8", "10.0.0.0/9", "255.255.255.255"},
			"[0.0.0.0-9.255.255.255 10.0.0.0-10.127.255.255 10.128.0.0-10.255.255.255 " +
				"11.0.0.0-255.255.255.254 255.255.255.255 ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]"},
		{[]string{"0.0.0.0", "::"}, "[0.0.0.0 0.0.0.1-255.255.255.255 " +
			":: ::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]"},
	} {
		var sets []AddrSet
		for _, text := range c.sets {
			s, err := ParseAddrSet(text)
			if err != nil {
				t.Fatal(err)
			}
			sets = append(sets, s)
		}
		if got := fmt.Sprint(Partition(sets)); got != c.want {
			t.Errorf("%v:\n got %s\nwant %s", c.sets, got, c.want)
		}
	}
}

func TestPartitionIsExactAndCoarsest(t *testing.T) {
	forAddrSamples(t, func(t *testing.T, r *rand.Rand, addrs []netip.Addr) {
		var sets []AddrSet
		for range 4 {
			s, _ := sampleAddrs(r, addrs)
			sets = append(sets, s)
		}
		parts := Partition(sets)
		if !NewAddrSet(parts...).Equal(AllAddrs()) {
			t.Errorf("%v does not cover all addresses", parts)
		}
		membership := func(p AddrRange) []bool {
			var in []bool
			for _, s := range sets {
				part := AddrSet{p}
				if part.Overlaps(s) != part.SubsetOf(s) {
					t.Errorf("%v is cut by %v", p, s)
				}
				in = append(in, part.Overlaps(s))
			}
			return in
		}
		for i := 1; i < len(parts); i++ {
			if !parts[i-1].To.Less(parts[i].From) {
				t.Errorf("%v and %v overlap", parts[i-1], parts[i])
			}
			same := slices.Equal(membership(parts[i-1]), membership(parts[i]))
			if same && parts[i-1].Family() == parts[i].Family() {
				t.Errorf("%v and %v could be one", parts[i-1], parts[i])
			}
		}
	})
}
