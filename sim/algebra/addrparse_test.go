package algebra

import (
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
)

func TestParseAddrSet(t *testing.T) {
	for text, want := range map[string]string{
		"none":                             "none",
		" None ":                           "none",
		"all":                              AllAddrs().String(),
		"1.2.3.4":                          "1.2.3.4",
		"10.0.0.0/8":                       "10.0.0.0-10.255.255.255",
		"10.9.9.9/8":                       "10.0.0.0-10.255.255.255",
		"1.2.3.4-1.2.3.9":                  "1.2.3.4-1.2.3.9",
		" 1.2.3.4 - 1.2.3.9 , fd00::1 ":    "1.2.3.4-1.2.3.9,fd00::1",
		"fd00::/16,10.0.0.1,10.0.0.0":      "10.0.0.0-10.0.0.1,fd00::-fd00:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		"::ffff:1.2.3.4":                   "1.2.3.4",
		"1.2.3.4-::ffff:1.2.3.9":           "1.2.3.4-1.2.3.9",
		"::ffff:10.0.0.0/104":              "10.0.0.0-10.255.255.255",
		"::-::ffff:255.255.255.255":        "::-::ffff:255.255.255.255",
		"255.255.255.255,0.0.0.0/1,::/128": "0.0.0.0-127.255.255.255,255.255.255.255,::",
	} {
		got, err := ParseAddrSet(text)
		if err != nil || got.String() != want {
			t.Errorf("ParseAddrSet(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestParseAddrSetErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "an item is empty",
		"1.2.3.4,":            "an item is empty",
		"1.2.3":               `"1.2.3" is not an address`,
		"10.0.0.0/33":         "is not a prefix",
		"10.0.0.0/x":          "is not a prefix",
		"example.com":         "is not an address",
		"1.2.3.4-":            `"" is not an address`,
		"1.2.3.9-1.2.3.4":     "backwards",
		"1.2.3.4-fd00::1":     "two families",
		"fe80::1%eth0":        "has a zone",
		"fe80::1-fe80::2%e":   "has a zone",
		"10.0.0.1, none":      `"none" is not an address`,
		"10.0.0.0/8-11.0.0.0": "is not a prefix",
	} {
		_, err := ParseAddrSet(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseAddrSet(%q): error %v, want one with %q", text, err, want)
		}
	}
}

func TestAddrSetRoundTrip(t *testing.T) {
	forAddrSamples(t, func(t *testing.T, r *rand.Rand, addrs []netip.Addr) {
		s, _ := sampleAddrs(r, addrs)
		if got, err := ParseAddrSet(s.String()); err != nil || !got.Equal(s) {
			t.Errorf("%v reads back as %v, %v", s, got, err)
		}
	})
}

func FuzzParseAddrSet(f *testing.F) {
	for _, seed := range []string{
		"none", "all", "10.0.0.0/8", "1.2.3.4", "1.2.3.4-1.2.3.9, fd00::/8", "::ffff:1.2.3.4", "::ffff:0:0/80",
		"255.255.255.255,0.0.0.0/1", "fe80::1%eth0", "ffff::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseAddrSet(text)
		if err != nil {
			if s != nil {
				t.Errorf("an error and the set %v", s)
			}
			return
		}
		checkCanonicalAddrs(t, s)
		if again, err := ParseAddrSet(s.String()); err != nil || !again.Equal(s) {
			t.Errorf("%v reads back as %v, %v", s, again, err)
		}
		// Without FromPrefix, which would turn a mapped prefix inside an IPv6 range into IPv4.
		var ranges AddrSet
		for _, p := range s.Prefixes() {
			ranges = append(ranges, AddrRange{p.Addr(), lastAddr(p.Addr(), p.Bits())})
		}
		if got := mergeAddrs(ranges); !got.Equal(s) {
			t.Errorf("%v has the prefixes %v", s, s.Prefixes())
		}
	})
}
