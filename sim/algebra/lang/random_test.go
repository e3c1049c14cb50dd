package lang_test

import (
	"math/rand/v2"
	"strings"

	"github.com/netfate/netfate/sim/algebra/lang"
)

// alphabet is that of random texts: it holds what patterns treat specially.
const alphabet = "ab/."

// words returns all texts over the alphabet of up to n bytes.
func words(n int) []string {
	all := []string{""}
	for from := 0; n > 0; n-- {
		end := len(all)
		for _, w := range all[from:end] {
			for _, b := range alphabet {
				all = append(all, w+string(b))
			}
		}
		from = end
	}
	return all
}

// truth is a set as a slow and simple question.
type truth func(s string) bool

// random returns a set and its truth.
func random(r *rand.Rand, depth int) (lang.Lang, truth) {
	if depth == 0 {
		return leaf(r)
	}
	a, inA := random(r, depth-1)
	b, inB := random(r, depth-1)
	switch r.IntN(5) {
	case 0:
		return a.Union(b), func(s string) bool { return inA(s) || inB(s) }
	case 1:
		return a.Intersect(b), func(s string) bool { return inA(s) && inB(s) }
	case 2:
		return a.Minus(b), func(s string) bool { return inA(s) && !inB(s) }
	case 3:
		return lang.Concat(a, b), func(s string) bool {
			for i := 0; i <= len(s); i++ {
				if inA(s[:i]) && inB(s[i:]) {
					return true
				}
			}
			return false
		}
	default:
		return a.Complement(), func(s string) bool { return !inA(s) }
	}
}

func text(r *rand.Rand, most int) string {
	var b strings.Builder
	for range r.IntN(most + 1) {
		b.WriteByte(alphabet[r.IntN(len(alphabet))])
	}
	return b.String()
}

func leaf(r *rand.Rand) (lang.Lang, truth) {
	w := text(r, 3)
	switch r.IntN(8) {
	case 0:
		return lang.Literal(w), func(s string) bool { return s == w }
	case 1:
		return lang.Prefix(w), func(s string) bool { return strings.HasPrefix(s, w) }
	case 2:
		return lang.Suffix(w), func(s string) bool { return strings.HasSuffix(s, w) }
	case 3:
		return lang.Containing(w), func(s string) bool { return strings.Contains(s, w) }
	case 4:
		v := text(r, 3)
		return lang.OneOf(v, w), func(s string) bool { return s == w || s == v }
	case 5:
		cut := strings.TrimRight(w, "/")
		return lang.PathPrefix(w), func(s string) bool { return s == cut || strings.HasPrefix(s, cut+"/") }
	case 6:
		w = strings.ReplaceAll(w, ".", "a")
		return lang.Star(lang.Literal(w)), func(s string) bool {
			return w == "" && s == "" || w != "" && len(s)%len(w) == 0 && strings.Repeat(w, len(s)/len(w)) == s
		}
	default:
		return lang.All(), func(string) bool { return true }
	}
}
