package random

import "github.com/netfate/netfate/sim/model"

// vocabulary is a label key with the values that a generator uses for it.
type vocabulary struct {
	key    string
	values []string
}

func podVocabulary() []vocabulary {
	return []vocabulary{{"app", []string{"a", "b"}}, {"role", []string{"x", "y"}}}
}

func spaceVocabulary() []vocabulary {
	return []vocabulary{{"team", []string{"red", "blue"}}, {model.NameLabel, []string{"ns0", "ns1"}}}
}

func nodeVocabulary() []vocabulary { return []vocabulary{{"zone", []string{"1", "2"}}} }

// selector returns a selector of pods.
func (g *gen) selector() model.Selector {
	var s model.Selector
	switch g.r.IntN(3) {
	case 0:
		s.Namespace = pick(g, "ns0", "ns0", "ns1", "ns2")
	case 1:
		s.NamespaceLabels = g.expr(spaceVocabulary(), 1)
	}
	if g.chance(60) {
		s.PodLabels = g.expr(podVocabulary(), 2)
	}
	s.HostNetwork = g.chance(25)
	s.OnlyHost = s.HostNetwork && g.chance(30)
	s.LocalCluster = g.chance(30)
	return s
}

// expr returns an expression over labels, of at most that depth of operators.
func (g *gen) expr(words []vocabulary, depth int) *model.Expr {
	if depth > 0 && g.chance(35) {
		a, b := g.expr(words, depth-1), g.expr(words, depth-1)
		switch g.r.IntN(3) {
		case 0:
			return model.And(a, b)
		case 1:
			return model.Or(a, b)
		}
		return model.Not(a)
	}
	w := pick(g, words...)
	switch g.r.IntN(10) {
	case 0:
		return model.Exists(w.key)
	case 1:
		return model.NotExists(w.key)
	case 2:
		return model.NotIn(w.key, pick(g, w.values...))
	case 3:
		return model.In(w.key, w.values...)
	}
	return model.In(w.key, pick(g, w.values...))
}
