package algebra

import (
	"net/netip"
	"slices"
)

// Prefixes returns the fewest prefixes that hold exactly the addresses of s, in ascending order.
func (s AddrSet) Prefixes() []netip.Prefix {
	var out []netip.Prefix
	for _, r := range s {
		for from := r.From; ; {
			p := widest(from, r.To)
			out = append(out, p)
			last := lastAddr(from, p.Bits())
			if last == r.To {
				break
			}
			from = last.Next()
		}
	}
	return out
}

// widest returns the largest prefix that starts at from and does not reach past to.
func widest(from, to netip.Addr) netip.Prefix {
	bits := from.BitLen()
	for bits > 0 {
		wider := netip.PrefixFrom(from, bits-1)
		if wider.Masked().Addr() != from || to.Less(lastAddr(from, bits-1)) {
			break
		}
		bits--
	}
	return netip.PrefixFrom(from, bits)
}

// lastAddr returns the last address of the prefix of the given length that a is in.
func lastAddr(a netip.Addr, bits int) netip.Addr {
	if a.Is4() {
		b := a.As4()
		setHostBits(b[:], bits)
		return netip.AddrFrom4(b)
	}
	b := a.As16()
	setHostBits(b[:], bits)
	return netip.AddrFrom16(b)
}

func setHostBits(b []byte, bits int) {
	for i := range b {
		if host := len(b)*8 - bits - (len(b)-1-i)*8; host > 0 {
			b[i] |= byte(1<<min(host, 8) - 1)
		}
	}
}

// Partition cuts the whole of both families into the fewest ranges of which each of the sets is a
// union. The ranges are in ascending order and cover every address once.
func Partition(sets []AddrSet) []AddrRange {
	all := AllAddrs()
	starts := []netip.Addr{all[0].From, all[1].From}
	for _, s := range sets {
		for _, r := range s {
			starts = append(starts, r.From)
			if next := r.To.Next(); next.IsValid() {
				starts = append(starts, next)
			}
		}
	}
	slices.SortFunc(starts, netip.Addr.Compare)
	starts = slices.Compact(starts)
	out := make([]AddrRange, len(starts))
	for i, from := range starts {
		to := lastAddr(from, 0)
		if i+1 < len(starts) && starts[i+1].BitLen() == from.BitLen() {
			to = starts[i+1].Prev()
		}
		out[i] = AddrRange{from, to}
	}
	return out
}
