package algebra

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
)

// addrWindows are runs of 64 addresses at the edges of the families and of byte boundaries.
var addrWindows = []netip.Addr{
	netip.MustParseAddr("0.0.0.0"),
	netip.MustParseAddr("10.0.0.224"),
	netip.MustParseAddr("255.255.255.192"),
	netip.MustParseAddr("::"),
	netip.MustParseAddr("fd00::ffff:ffff:ffff:ffe0"),
	netip.MustParseAddr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffc0"),
}

func window(first netip.Addr) []netip.Addr {
	out := make([]netip.Addr, universe)
	for i := range out {
		out[i], first = first, first.Next()
	}
	return out
}

// sampleAddrs returns a random set and its members among addrs.
func sampleAddrs(r *rand.Rand, addrs []netip.Addr) (AddrSet, map[netip.Addr]bool) {
	members := map[netip.Addr]bool{}
	var ranges []AddrRange
	for range r.IntN(6) {
		lo := r.IntN(len(addrs))
		hi := min(lo+r.IntN(12), len(addrs)-1)
		// A run of addrs may cross from one window to the next.
		for ; hi > lo && addrs[hi].BitLen() != addrs[lo].BitLen(); hi-- {
		}
		ranges = append(ranges, AddrRange{addrs[lo], addrs[hi]})
		for _, a := range addrs {
			if addrs[lo].Compare(a) <= 0 && a.Compare(addrs[hi]) <= 0 {
				members[a] = true
			}
		}
	}
	return NewAddrSet(ranges...), members
}

func checkCanonicalAddrs(t *testing.T, s AddrSet) {
	t.Helper()
	for i, r := range s {
		if !r.Valid() {
			t.Errorf("%v: range %d is invalid", s, i)
		}
		if i > 0 && (!s[i-1].To.Less(r.From) || s[i-1].To.Next() == r.From) {
			t.Errorf("%v: range %d touches the one before", s, i)
		}
	}
}

func forAddrSamples(t *testing.T, check func(t *testing.T, r *rand.Rand, addrs []netip.Addr)) {
	t.Helper()
	var mixed []netip.Addr
	for _, first := range addrWindows {
		mixed = append(mixed, window(first)...)
	}
	universes := [][]netip.Addr{mixed}
	for _, first := range addrWindows {
		universes = append(universes, window(first))
	}
	for _, addrs := range universes {
		for seed := range uint64(150) {
			if check(t, rand.New(rand.NewPCG(seed, 4)), addrs); t.Failed() {
				t.Fatalf("from %v, seed %d", addrs[0], seed)
			}
		}
	}
}

func TestAddrSetAgreesWithMap(t *testing.T) {
	forAddrSamples(t, func(t *testing.T, r *rand.Rand, addrs []netip.Addr) {
		a, x := sampleAddrs(r, addrs)
		b, y := sampleAddrs(r, addrs)
		before := [2]AddrSet{slices.Clone(a), slices.Clone(b)}
		overlaps, subset := false, true
		for _, v := range addrs {
			overlaps = overlaps || x[v] && y[v]
			subset = subset && (!x[v] || y[v])
		}
		for _, c := range []struct {
			name string
			got  AddrSet
			want func(v netip.Addr) bool
		}{
			{"a", a, func(v netip.Addr) bool { return x[v] }},
			{"union", a.Union(b), func(v netip.Addr) bool { return x[v] || y[v] }},
			{"intersect", a.Intersect(b), func(v netip.Addr) bool { return x[v] && y[v] }},
			{"subtract", a.Subtract(b), func(v netip.Addr) bool { return x[v] && !y[v] }},
			{"IPv4", a.In(IPv4), func(v netip.Addr) bool { return x[v] && v.Is4() }},
			{"IPv6", a.In(IPv6), func(v netip.Addr) bool { return x[v] && v.Is6() }},
		} {
			checkCanonicalAddrs(t, c.got)
			for _, v := range addrs {
				if c.got.Contains(v) != c.want(v) {
					t.Errorf("%s of %v and %v: %v contains %v: %v", c.name, a, b, c.got, v, !c.want(v))
				}
			}
		}
		if a.Overlaps(b) != overlaps || a.SubsetOf(b) != subset {
			t.Errorf("%v, %v: overlaps %v, subset %v", a, b, a.Overlaps(b), a.SubsetOf(b))
		}
		if !a.Equal(before[0]) || !b.Equal(before[1]) {
			t.Errorf("an operand changed: %v to %v, %v to %v", before[0], a, before[1], b)
		}
	})
}

func TestAddrSetLaws(t *testing.T) {
	not := func(s AddrSet) AddrSet { return AllAddrs().Subtract(s) }
	forAddrSamples(t, func(t *testing.T, r *rand.Rand, addrs []netip.Addr) {
		a, _ := sampleAddrs(r, addrs)
		b, _ := sampleAddrs(r, addrs)
		c, _ := sampleAddrs(r, addrs)
		for _, law := range []struct {
			name     string
			lhs, rhs AddrSet
		}{
			{"union commutes", a.Union(b), b.Union(a)},
			{"intersection commutes", a.Intersect(b), b.Intersect(a)},
			{"union associates", a.Union(b).Union(c), a.Union(b.Union(c))},
			{"intersection associates", a.Intersect(b).Intersect(c), a.Intersect(b.Intersect(c))},
			{"intersection distributes", a.Intersect(b.Union(c)), a.Intersect(b).Union(a.Intersect(c))},
			{"De Morgan of union", not(a.Union(b)), not(a).Intersect(not(b))},
			{"De Morgan of intersection", not(a.Intersect(b)), not(a).Union(not(b))},
			{"double complement", not(not(a)), a},
			{"difference is meet with complement", a.Subtract(b), a.Intersect(not(b))},
			{"difference and meet rebuild", a.Subtract(b).Union(a.Intersect(b)), a},
			{"families rebuild", a.In(IPv6).Union(a.In(IPv4)), a},
			{"idempotence", a.Union(a).Intersect(a), a},
			{"difference with itself", a.Subtract(a), nil},
		} {
			checkCanonicalAddrs(t, law.lhs)
			if !law.lhs.Equal(law.rhs) {
				t.Errorf("%s: %v, %v with a=%v b=%v c=%v", law.name, law.lhs, law.rhs, a, b, c)
			}
			if law.lhs.Hash() != law.rhs.Hash() {
				t.Errorf("%s: hashes of %v differ", law.name, law.lhs)
			}
		}
	})
}

func TestFromPrefix(t *testing.T) {
	for prefix, want := range map[string]string{
		"10.0.0.0/8":       "10.0.0.0-10.255.255.255",
		"10.1.2.3/8":       "10.0.0.0-10.255.255.255",
		"1.2.3.4/32":       "1.2.3.4",
		"1.2.3.4/31":       "1.2.3.4-1.2.3.5",
		"0.0.0.0/0":        "0.0.0.0-255.255.255.255",
		"128.0.0.0/1":      "128.0.0.0-255.255.255.255",
		"::/0":             "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		"fd00::/8":         "fd00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		"fd00::1/128":      "fd00::1",
		"2001:db8::/33":    "2001:db8::-2001:db8:7fff:ffff:ffff:ffff:ffff:ffff",
		"::ffff:0:0/96":    "0.0.0.0-255.255.255.255",
		"::ffff:a00:0/104": "10.0.0.0-10.255.255.255",
	} {
		if got := FromPrefix(netip.MustParsePrefix(prefix)).String(); got != want {
			t.Errorf("%s: %s, want %s", prefix, got, want)
		}
	}
	if got := FromPrefix(netip.Prefix{}); got.Valid() || !NewAddrSet(got).Empty() {
		t.Errorf("an invalid prefix holds %v", got)
	}
}

func TestPrefixSet(t *testing.T) {
	p := netip.MustParsePrefix
	for _, c := range []struct {
		got  AddrSet
		want string
	}{
		{PrefixSet(p("10.0.0.0/8")), "10.0.0.0-10.255.255.255"},
		{PrefixSet(p("10.0.0.0/8"), p("10.0.0.0/9")), "10.128.0.0-10.255.255.255"},
		{PrefixSet(p("0.0.0.0/0"), p("0.0.0.0/32"), p("255.255.255.255/32")), "0.0.0.1-255.255.255.254"},
		{PrefixSet(p("10.0.0.0/24"), p("10.0.0.4/32"), p("10.0.0.5/32")), "10.0.0.0-10.0.0.3,10.0.0.6-10.0.0.255"},
		{PrefixSet(p("10.0.0.0/24"), p("10.0.0.0/8")), "none"},
		{PrefixSet(p("10.0.0.0/24"), p("fd00::/8")), "10.0.0.0-10.0.0.255"},
		{PrefixSet(p("::/0"), p("8000::/1")), "::-7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{PrefixSet(netip.Prefix{}), "none"},
	} {
		if got := c.got.String(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

func TestAddrSetRejects(t *testing.T) {
	v4, v6 := netip.MustParseAddr("1.2.3.4"), netip.MustParseAddr("fe80::1")
	zoned := v6.WithZone("eth0")
	for _, r := range []AddrRange{{}, {v4, v6}, {v6, v4}, {v4, netip.Addr{}}, {zoned, zoned}, {v6.Next(), v6}} {
		if got := NewAddrSet(r); !got.Empty() {
			t.Errorf("%v gives %v", r, got)
		}
	}
	if AllAddrs().Contains(zoned) || AllAddrs().Contains(netip.Addr{}) {
		t.Error("an address with a zone, or an invalid one, is in the set of all")
	}
	mapped := netip.MustParseAddr("::ffff:1.2.3.4")
	if !NewAddrSet(AddrRange{v4, v4}).Contains(mapped) || !NewAddrSet(AddrRange{mapped, mapped}).Contains(v4) {
		t.Error("a mapped address is not the IPv4 address")
	}
	if AllAddrsIn(IPv6).Contains(mapped) || AllAddrsIn(IPv6).Contains(v4) || AllAddrsIn(IPv4).Contains(v6) {
		t.Error("an address is in the other family")
	}
}
