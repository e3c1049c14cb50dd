package reports

import (
	"io"
	"strconv"
)

// MatrixTable writes a matrix as a table for people: a source is named on its
// first line, and a count ends it.
func MatrixTable(w io.Writer, lines MatrixLines, classes bool, p Palette) error {
	t := table{head: []string{"FROM", "TO", "CONNECTIONS", "UNDETERMINED"}}
	t.paint = func(_ []string, column int, text string) string {
		if column == 3 {
			return p.Yellow(text)
		}
		return text
	}
	last, pairs, sources := "", 0, 0
	for l := range lines {
		from := peerName(l.From, classes)
		shown := from
		if from == last {
			shown = ""
		} else {
			sources++
		}
		last = from
		t.add(shown, peerName(l.To, classes), Words(l.Connections), l.Undetermined)
		pairs++
	}
	if pairs == 0 {
		_, err := io.WriteString(w, "no connections\n")
		return err
	}
	t.trimEmptyLast()
	if err := t.write(w, p); err != nil {
		return err
	}
	_, err := io.WriteString(w, p.Dim("\n"+plural(pairs, "pair", "pairs")+" with connections, from "+plural(sources, "source", "sources"))+"\n")
	return err
}

// plural returns "1 pair" or "2 pairs".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
