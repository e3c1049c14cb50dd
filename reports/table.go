package reports

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"
)

// table lays rows of cells out in columns.
type table struct {
	head []string
	rows [][]string
	// paint colours a cell's padded text; nil leaves it.
	paint func(row []string, column int, text string) string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// widths returns the width of each column; the last one needs none.
func (t *table) widths() []int {
	out := make([]int, len(t.head))
	for i, h := range t.head {
		out[i] = utf8.RuneCountInString(h)
	}
	for _, r := range t.rows {
		for i, c := range r {
			out[i] = max(out[i], utf8.RuneCountInString(c))
		}
	}
	return out
}

// write writes the table; columns are two spaces apart.
func (t *table) write(w io.Writer, p Palette) error {
	out := bufio.NewWriterSize(w, bufferSize)
	widths := t.widths()
	line := func(cells []string, paint func(int, string) string) error {
		for i, c := range cells {
			pad := ""
			if i < len(cells)-1 {
				pad = strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c)+2)
			}
			out.WriteString(paint(i, c)) //nolint:errcheck // the buffer keeps the first error
			out.WriteString(pad)         //nolint:errcheck // the same
		}
		return out.WriteByte('\n')
	}
	if err := line(t.head, func(_ int, s string) string { return p.Bold(s) }); err != nil {
		return err
	}
	for _, r := range t.rows {
		err := line(r, func(i int, s string) string {
			if t.paint == nil {
				return s
			}
			return t.paint(r, i, s)
		})
		if err != nil {
			return err
		}
	}
	return out.Flush()
}

// trimEmptyLast drops the last column if no row has anything in it.
func (t *table) trimEmptyLast() {
	last := len(t.head) - 1
	for _, r := range t.rows {
		if r[last] != "" {
			return
		}
	}
	t.head = t.head[:last]
	for i := range t.rows {
		t.rows[i] = t.rows[i][:last]
	}
}
