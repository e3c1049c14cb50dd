package algebra

// otherEntries writes protocols without ports: named ones one by one, whole unnamed ones together as
// "protocols 2-5", and parts of an unnamed one as "protocol 47 5-6" with the raw port values.
func otherEntries(ps []plane) []entry {
	var out []entry
	var whole Builder
	for _, p := range ps {
		switch {
		case p.proto == ICMP || p.proto == ICMPv6:
			out = append(out, icmpEntries(p)...)
		case p.full():
			whole.Add(uint32(p.proto), uint32(p.proto))
		default:
			out = append(out, entry{"protocol", p.proto.String() + " " + ranges(p.ports)})
		}
	}
	numbers := whole.Set()
	switch numbers.Size() {
	case 0:
	case 1:
		out = append(out, entry{"protocol", "protocol " + ranges(numbers)})
	default:
		out = append(out, entry{"protocols", "protocols " + ranges(numbers)})
	}
	return out
}

const maxCode = 1<<8 - 1

// icmpEntries writes "ICMP", or one entry for the whole types of a partial set ("ICMP type 3-4") and
// one for each type that has only some of its codes ("ICMP type 8 code 0").
func icmpEntries(p plane) []entry {
	name := p.proto.String()
	if p.full() {
		return []entry{{name, name}}
	}
	types, codes := icmpTypes(p.ports)
	var out []entry
	if !types.Empty() {
		out = append(out, entry{name, name + " type " + ranges(types)})
	}
	for t, c := range codes {
		if !c.Empty() {
			out = append(out, entry{name, name + " type " + ranges(Single(uint32(t))) + " code " + ranges(c)})
		}
	}
	return out
}

// icmpTypes cuts type<<8|code values into the types that have all codes and the codes of the others.
func icmpTypes(ports Set) (whole Set, codes [maxCode + 1]Set) {
	var b Builder
	for _, x := range ports {
		for lo := x.Lo; lo <= x.Hi; lo = (lo | maxCode) + 1 {
			hi := min(lo|maxCode, x.Hi)
			if hi-lo == maxCode {
				b.Add(lo>>8, lo>>8)
				continue
			}
			codes[lo>>8] = append(codes[lo>>8], Interval{lo & maxCode, hi & maxCode})
		}
	}
	return b.Set(), codes
}
