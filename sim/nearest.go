package sim

import (
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/internal/textdist"
)

// Nearest returns the at most n known names most like the given one, the
// nearest first; names that are not alike at all are left out.
func Nearest(name string, known []string, n int) []string {
	type scored struct {
		name string
		d    int
	}
	var list []scored
	for _, k := range slices.Compact(slices.Sorted(slices.Values(known))) {
		d := textdist.Distance(strings.ToLower(name), strings.ToLower(k))
		if strings.HasSuffix(k, "/"+name) || strings.Contains(k, name) && len(name) > 2 {
			d = min(d, 1)
		}
		if d <= max(2, len(name)/3) {
			list = append(list, scored{k, d})
		}
	}
	slices.SortStableFunc(list, func(a, b scored) int { return a.d - b.d })
	var out []string
	for i := range list[:min(n, len(list))] {
		out = append(out, list[i].name)
	}
	return out
}
