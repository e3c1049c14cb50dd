package lang

// tail describes by one pattern what goes on from a place. A "\x00" stands for the text that leads
// there. A plain pattern is no difference.
func tail(rest, within Lang, plain bool) (string, bool) {
	if rest.Equal(within) {
		return "\x00*", true
	}
	if s, ok := shape(rest, within); ok {
		return "\x00" + s, true
	}
	if plain {
		return "", false
	}
	return exceptions(rest, within)
}

// shape recognises a set that one pattern with a star at its start describes.
func shape(rest, within Lang) (string, bool) {
	w, ok := rest.Witness()
	if !ok {
		return "", false
	}
	is := func(l Lang) bool { return l.err == nil && l.Intersect(within).Equal(rest) }
	shown := w
	if w != "" {
		shown = quote(w)
	}
	switch {
	case is(Suffix(w)):
		return "*" + shown, true
	case is(Containing(w)):
		return "*" + shown + "*", true
	case is(Concat(templateAny(), Literal(w))):
		return "{**}" + shown, true
	case w == "":
		return "", false
	}
	return behindOne(rest, within, w[1:])
}

// behindOne recognises a pattern of one byte or more before a text. A star before a host's labels is
// read like that anyway.
func behindOne(rest, within Lang, text string) (string, bool) {
	some := NonEmpty()
	for i := 0; i <= len(text); i++ {
		if !Concat(some, Literal(text[i:])).Intersect(within).Equal(rest) {
			continue
		}
		if i < len(text) && text[i] == '.' {
			return "*" + text[i:], true
		}
		return "?*" + text[i:], true
	}
	return "", false
}

// exceptions describes what lacks a few patterns.
func exceptions(rest, within Lang) (string, bool) {
	missing := within.Minus(rest)
	if missing.IsEmpty() || missing.err != nil {
		return "", false
	}
	d := describer{l: missing.m, w: within.m, plain: true, raw: true}
	if !d.walk(place{}, "", maxPieces/2) {
		return "", false
	}
	out := "\x00* except "
	for i, p := range d.pieces {
		if i > 0 {
			out += " and "
		}
		out += "\x00" + p
	}
	return out, true
}
