package scenarios

import (
	"regexp"
	"slices"
	"strings"
)

// nearest returns the lines that name the steps most like a text.
func nearest(steps []entry, text string) []string {
	type scored struct {
		entry *entry
		d     int
	}
	words := wordsOf(text)
	var list []scored
	for i := range steps {
		best := -1
		for _, form := range append(slices.Clone(steps[i].Examples), steps[i].Pattern) {
			if d := distance(words, wordsOf(withoutKeyword(stepOf(form)))); best < 0 || d < best {
				best = d
			}
		}
		list = append(list, scored{&steps[i], best})
	}
	slices.SortStableFunc(list, func(a, b scored) int { return a.d - b.d })
	out := []string{"did you mean"}
	for _, s := range list[:min(3, len(list))] {
		out = append(out, "  "+s.entry.Pattern, "    such as: "+stepOf(s.entry.Examples[0]))
	}
	return out
}

// stepOf returns the line of an example that shows the step: the first, or the
// one that starts with And.
func stepOf(example string) string {
	if _, after, ok := strings.Cut(example, "\nAnd "); ok {
		example = "And " + after
	}
	line, _, _ := strings.Cut(example, "\n")
	return line
}

func withoutKeyword(text string) string {
	for _, k := range [...]string{"Given ", "Then ", "And "} {
		if rest, ok := strings.CutPrefix(text, k); ok {
			return rest
		}
	}
	return text
}

// wordsOf splits a step into words; what it names counts as one.
func wordsOf(text string) []string {
	text = regexp.MustCompile(quoted).ReplaceAllString(text, "NAME")
	text = regexp.MustCompile(`\[[^\]]*\]`).ReplaceAllString(text, "")
	text = strings.NewReplacer("SUBJECTS", "NAME", "SUBJECT", "NAME").Replace(text)
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == '\t' || r == ',' })
}

// distance is how many words must be put in, taken out or replaced; words that
// are nearly the same count half.
func distance(a, b []string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = 2 * j
	}
	for i := 1; i <= len(a); i++ {
		prev := row[0]
		row[0] = 2 * i
		for j := 1; j <= len(b); j++ {
			cost := prev + wordCost(a[i-1], b[j-1])
			prev = row[j]
			row[j] = min(cost, row[j]+2, row[j-1]+2)
		}
	}
	return row[len(b)]
}

func wordCost(a, b string) int {
	switch {
	case a == b:
		return 0
	case len(a) > 2 && len(b) > 2 && (strings.HasPrefix(a, b[:3]) || strings.HasPrefix(b, a[:3])):
		return 1
	}
	return 2
}
