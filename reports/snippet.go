package reports

import (
	"strconv"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// FileLines returns the lines of a file that an origin names, nil if it cannot
// be read (it came from standard input, an archive, a git ref, a rendered chart).
type FileLines func(name string) []string

// around is how many lines are shown before and after.
const around = 1

// maxColumns cuts long lines.
const maxColumns = 120

// snippet returns the lines around an origin with a caret below its position;
// nothing if the file cannot be read.
func snippet(o model.Origin, read FileLines, p Palette) []string {
	if read == nil || o.Line == 0 || o.File() == "" {
		return nil
	}
	lines := read(o.File())
	at := int(o.Line)
	if at > len(lines) {
		return nil
	}
	first, last := max(1, at-around), min(len(lines), at+around)
	width := len(strconv.Itoa(last))
	var out []string
	for n := first; n <= last; n++ {
		number := strconv.Itoa(n)
		number = strings.Repeat(" ", width-len(number)) + number
		text := printable(lines[n-1])
		if n != at {
			out = append(out, p.Dim(number+" | "+text))
			continue
		}
		out = append(out, number+" | "+text, strings.Repeat(" ", width)+" | "+strings.Repeat(" ", caretAt(o, lines[n-1]))+p.Bold("^"))
	}
	return out
}

// caretAt returns how far the caret stands from the start of the line.
func caretAt(o model.Origin, line string) int {
	column := max(0, int(o.Col)-1)
	if o.Col == 0 || column > len(line) || column > maxColumns {
		return len(line) - len(strings.TrimLeft(line, " \t"))
	}
	return len([]rune(line[:column]))
}

// printable cuts a line and replaces what would disturb a terminal.
func printable(line string) string {
	line = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f {
			return ' '
		}
		return r
	}, strings.TrimRight(line, "\r\n"))
	if runes := []rune(line); len(runes) > maxColumns {
		return string(runes[:maxColumns]) + "…"
	}
	return line
}
