package profile

import (
	"strings"

	"github.com/netfate/netfate/sim/internal/textdist"
)

// nearest returns the name closest to what was written, or "" when none is near.
func nearest(written string, names []string) string {
	written = strings.ToLower(written)
	best, bestDistance := "", 1+max(2, len(written)/3)
	for _, name := range names {
		d := textdist.Distance(written, strings.ToLower(name))
		if len(written) > 2 && (strings.HasPrefix(name, written) || strings.HasPrefix(written, name)) {
			d = min(d, 1)
		}
		if d < bestDistance {
			best, bestDistance = name, d
		}
	}
	return best
}
