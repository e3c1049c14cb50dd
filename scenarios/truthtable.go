package scenarios

import (
	"context"
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

func tableSteps() []entry {
	return []entry{
		onWire(tabled(then(`connections[ on PORTS][ in namespace NAME] are:`,
			"A truth table: each row is a source and each column a destination. A cell says yes (each can), no (none can), maybe (undetermined) or - (not checked). Names are ns/name, a name alone in the namespace said or in the only namespace that has it, or a subject as in other steps.",
			truthTable,
			"Then connections on TCP 8080 are:\n  | from \\ to | payments | cart |\n  | checkout  | yes      | yes  |\n  | frontend  | no       | yes  |",
			"Then connections in namespace \"shop\" are:\n  | from \\ to    | web | db |\n  | web          | -   | no |\n  | the internet | yes | no |"))),
	}
}

// answer is what becomes of the connections between two ends.
type answer string

const (
	yes   answer = "yes"
	no    answer = "no"
	maybe answer = "maybe"
	mixed answer = "yes for some and no for others"
)

// cell is one field of a truth table.
type cell struct {
	from, to *ends
	said     answer
}

// maxShown bounds how many mismatches are explained.
const maxShown = 3

func truthTable(ctx context.Context, s *scenario, c call) error {
	v, err := s.view(ctx)
	if err != nil {
		return err
	}
	w, err := parseWant(c.args[0])
	if err != nil {
		return err
	}
	cells, err := v.cells(c.table, unquote(c.args[1]))
	if err != nil {
		return err
	}
	f := &Failure{Status: Undetermined}
	s.last = evidence{view: v}
	wrong, j := 0, s.judge(v)
	for _, x := range cells {
		got, flow, err := v.answer(ctx, j, x.from, x.to, w)
		if err != nil {
			return err
		}
		s.last.flows = append(s.last.flows, flow)
		if got == x.said {
			continue
		}
		wrong++
		if got != maybe {
			f.Status = Failed
		}
		f.Lines = append(f.Lines, fmt.Sprintf("%s to %s: the table says %s, it is %s", x.from.text, x.to.text, x.said, got))
		if len(f.Cases) < maxShown {
			f.Cases = append(f.Cases, s.newCase(v, flow))
		}
	}
	if wrong == 0 {
		return nil
	}
	f.Message = fmt.Sprintf("%d of %d cells are not as the table says", wrong, len(cells))
	return f
}

// answer asks for both "can" and "cannot", and returns a connection that shows it.
func (v *view) answer(ctx context.Context, j referee, from, to *ends, w want) (answer, model.Flow, error) {
	q := question{from: from, to: to, want: w, granted: !from.wide && !to.wide}
	can, cannot := &tally{v: v}, &tally{v: v}
	if err := j.find(ctx, q, can.add); err != nil {
		return "", model.Flow{}, err
	}
	q.deny = true
	if err := j.find(ctx, q, cannot.add); err != nil {
		return "", model.Flow{}, err
	}
	switch {
	case can.total() == 0:
		return "", model.Flow{}, fmt.Errorf("nothing to check between %s and %s: %s", from.text, to.text, v.whyNothing(q))
	case can.count[algebra.No]+can.count[algebra.Maybe] == 0:
		return yes, can.first[algebra.Yes], nil
	case cannot.count[algebra.No]+cannot.count[algebra.Maybe] == 0:
		return no, cannot.first[algebra.Yes], nil
	case can.count[algebra.No] > 0 && cannot.count[algebra.No] > 0:
		return mixed, can.first[algebra.No], nil
	}
	return maybe, can.firstOpen(cannot), nil
}

// firstOpen returns an undetermined connection of one tally or the other.
func (t *tally) firstOpen(other *tally) model.Flow {
	if t.count[algebra.Maybe] > 0 {
		return t.first[algebra.Maybe]
	}
	return other.first[algebra.Maybe]
}

// cells reads a truth table.
func (v *view) cells(table [][]string, ns string) ([]cell, error) {
	if len(table) < 2 || len(table[0]) < 2 {
		return nil, fmt.Errorf("the table needs a first row with destinations and a row for each source")
	}
	var cols []*ends
	for _, text := range table[0][1:] {
		d, err := v.inTable(text, ns)
		if err != nil {
			return nil, err
		}
		cols = append(cols, d)
	}
	var out []cell
	for _, row := range table[1:] {
		if len(row) != len(table[0]) {
			return nil, fmt.Errorf("the rows of the table differ in length")
		}
		from, err := v.inTable(row[0], ns)
		if err != nil {
			return nil, err
		}
		for i, text := range row[1:] {
			said, err := parseAnswer(text)
			if err != nil {
				return nil, err
			}
			if said != "" {
				out = append(out, cell{from, cols[i], said})
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("the table says nothing: write yes, no or maybe in its cells")
	}
	return out, nil
}

// parseAnswer reads a cell; "" is not checked.
func parseAnswer(text string) (answer, error) {
	switch strings.ToLower(text) {
	case "yes", "y", "allowed":
		return yes, nil
	case "no", "n", "denied":
		return no, nil
	case "maybe", "?", "undetermined":
		return maybe, nil
	case "", "-":
		return "", nil
	}
	return "", fmt.Errorf("%q in a table: want yes, no, maybe or -", text)
}
