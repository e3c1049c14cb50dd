package reports

import (
	"bufio"
	"io"
	"iter"
	"slices"

	"github.com/netfate/netfate/sim"
)

// Differences are the pairs on which networks differ, in order.
type Differences = iter.Seq[sim.Difference]

// Settled leaves out the differences that are only in which protocols other than
// TCP, UDP and SCTP are undetermined, and counts them.
func Settled(diffs Differences, skipped *int) Differences {
	return func(yield func(sim.Difference) bool) {
		for d := range diffs {
			same := !slices.ContainsFunc(d.By, func(c *sim.Connections) bool { return fullWords(c) != fullWords(d.By[0]) || !c.SameRequests(d.By[0]) })
			if same {
				*skipped++
				continue
			}
			if !yield(d) {
				return
			}
		}
	}
}

// CompareTable writes where networks differ as a table for people and returns
// how many pairs there are.
func CompareTable(w io.Writer, names []string, diffs Differences, p Palette) (int, error) {
	t := table{head: append([]string{"FROM", "TO"}, names...)}
	n := 0
	for d := range diffs {
		n++
		row := []string{peerName(d.From, false), peerName(d.To, false)}
		t.add(append(row, tellApart(d.By...)...)...)
	}
	if n == 0 {
		_, err := io.WriteString(w, "no differences\n")
		return 0, err
	}
	if err := t.write(w, p); err != nil {
		return n, err
	}
	_, err := io.WriteString(w, p.Dim("\n"+plural(n, "pair differs", "pairs differ"))+"\n")
	return n, err
}

// CompareJSON writes where networks differ as one JSON object a line and returns
// how many pairs there are.
func CompareJSON(w io.Writer, names []string, diffs Differences) (int, error) {
	out := bufio.NewWriterSize(w, bufferSize)
	var line []byte
	n := 0
	for d := range diffs {
		n++
		line = appendDifference(line[:0], names, &d)
		if _, err := out.Write(line); err != nil {
			return n, err
		}
	}
	return n, out.Flush()
}

func appendDifference(dst []byte, names []string, d *sim.Difference) []byte {
	dst = appendPeer(append(dst, '{'), "from", d.From)
	dst = appendPeer(append(dst, ','), "to", d.To)
	dst = appendByName(dst, `,"connections":{`, names, d, Words)
	if slices.ContainsFunc(d.By, func(c *sim.Connections) bool { return c.Undetermined != "" }) {
		dst = appendByName(dst, `,"undetermined":{`, names, d, func(c *sim.Connections) string { return c.Undetermined })
	}
	if slices.ContainsFunc(d.By, func(c *sim.Connections) bool { return openOther(c) != "" }) {
		dst = appendByName(dst, `,"undeterminedOther":{`, names, d, openOther)
	}
	return append(dst, "}\n"...)
}

// appendByName appends an object from a network's name to a text, without those
// that have none.
func appendByName(dst []byte, open string, names []string, d *sim.Difference, text func(*sim.Connections) string) []byte {
	dst = append(dst, open...)
	first := true
	for i, c := range d.By {
		s := text(c)
		if s == "" {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(appendJSON(dst, names[i]), ':')
		dst = appendJSON(dst, s)
	}
	return append(dst, '}')
}
