package profile

import "strings"

// nearest returns the name closest to what was written, or "" when none is near.
func nearest(written string, names []string) string {
	written = strings.ToLower(written)
	best, bestDistance := "", 1+max(2, len(written)/3)
	for _, name := range names {
		d := distance(written, strings.ToLower(name))
		if len(written) > 2 && (strings.HasPrefix(name, written) || strings.HasPrefix(written, name)) {
			d = min(d, 1)
		}
		if d < bestDistance {
			best, bestDistance = name, d
		}
	}
	return best
}

// distance is the number of insertions, deletions and replacements of a byte
// that turn a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
