package algebra

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// FormatConns returns the text of the connections of s in the given families, by default both:
// protocols by name, ports as ranges, "SCTP 1-65535; TCP 1-79,81-65535; UDP 53". It is "all" when s
// covers the families and "none" when s has nothing in them. Where the families differ each has its
// own part, "IPv4: TCP 80 | IPv6: none". Equal sets have equal text, and [ParseConns] reads it.
func FormatConns(s Set, fams ...Family) string {
	if len(fams) == 0 {
		fams = []Family{IPv4, IPv6}
	}
	texts := make([]string, len(fams))
	same := true
	for i, f := range fams {
		texts[i] = formatFamily(s, f)
		same = same && texts[i] == texts[0]
	}
	if same {
		return texts[0]
	}
	for i, f := range fams {
		texts[i] = f.String() + ": " + texts[i]
	}
	return strings.Join(texts, " | ")
}

// FormatPorts returns the text of the TCP, UDP and SCTP connections of s in family f, as FormatConns
// writes it, or "" when there are none.
func FormatPorts(s Set, f Family) string {
	ports, _ := split(planes(s, f))
	return join(portEntries(ports))
}

// FormatOther returns the text of the connections of s in family f that are not TCP, UDP or SCTP, as
// FormatConns writes it: "all" when s has all of them, or "" when there are none.
func FormatOther(s Set, f Family) string {
	_, other := split(planes(s, f))
	if allFull(other, otherCount) {
		return "all"
	}
	return join(otherEntries(other))
}

const (
	portCount  = 3 // TCP, UDP, SCTP
	otherCount = 256 - portCount
)

// plane is what a set holds of one protocol in one family.
type plane struct {
	proto Protocol
	ports Set // within 0..maxPort, without port 0 of a protocol that has ports; not empty
}

func (p plane) full() bool {
	first := uint32(0)
	if p.proto.HasPorts() {
		first = 1
	}
	return p.ports[0] == Interval{first, maxPort}
}

// planes cuts the part of s in family f into its protocols, in ascending order.
func planes(s Set, f Family) []plane {
	var out []plane
	for _, x := range DropPortZero(InFamily(s, f)) {
		for lo := x.Lo; ; {
			hi := min(lo|maxPort, x.Hi)
			_, proto, first := ConnParts(lo)
			if n := len(out); n == 0 || out[n-1].proto != proto {
				out = append(out, plane{proto: proto})
			}
			last := &out[len(out)-1]
			last.ports = append(last.ports, Interval{uint32(first), hi & maxPort})
			if hi == x.Hi {
				break
			}
			lo = hi + 1
		}
	}
	return out
}

// split separates the protocols that have ports from the others.
func split(all []plane) (ports, other []plane) {
	for _, p := range all {
		if p.proto.HasPorts() {
			ports = append(ports, p)
		} else {
			other = append(other, p)
		}
	}
	return ports, other
}

// allFull reports whether ps are all n protocols of their kind, each whole.
func allFull(ps []plane, n int) bool {
	return len(ps) == n && !slices.ContainsFunc(ps, func(p plane) bool { return !p.full() })
}

func formatFamily(s Set, f Family) string {
	if FamilyConns(f).SubsetOf(s) {
		return "all" // by far the most frequent, and the longest to cut into planes
	}
	ports, other := split(planes(s, f))
	switch {
	case len(ports)+len(other) == 0:
		return "none"
	case !allFull(other, otherCount):
		return join(append(portEntries(ports), otherEntries(other)...))
	case allFull(ports, portCount):
		return "all"
	}
	return join(append(portEntries(ports), entry{"other protocols", "other protocols"}))
}

// entry is one part of the text and the name it is sorted by.
type entry struct{ name, text string }

func join(entries []entry) string {
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.name, b.name) })
	texts := make([]string, len(entries))
	for i, e := range entries {
		texts[i] = e.text
	}
	return strings.Join(texts, "; ")
}

func portEntries(ps []plane) []entry {
	var out []entry
	for _, p := range ps {
		out = append(out, entry{p.proto.String(), p.proto.String() + " " + ranges(p.ports)})
	}
	return out
}

// ranges writes "1-79,81".
func ranges(s Set) string {
	var b []byte
	for i, x := range s {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, uint64(x.Lo), 10)
		if x.Hi > x.Lo {
			b = append(b, '-')
			b = strconv.AppendUint(b, uint64(x.Hi), 10)
		}
	}
	return string(b)
}
