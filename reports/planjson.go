package reports

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/netfate/netfate/sim"
)

type changeJSON struct {
	Change             string         `json:"change"`
	From               string         `json:"from"`
	FromKind           string         `json:"fromKind"`
	To                 string         `json:"to"`
	ToKind             string         `json:"toKind"`
	Before             string         `json:"before"`
	After              string         `json:"after"`
	BeforeUndetermined string         `json:"beforeUndetermined,omitempty"`
	AfterUndetermined  string         `json:"afterUndetermined,omitempty"`
	BeforeRequests     []requestsJSON `json:"beforeRequests,omitempty"`
	AfterRequests      []requestsJSON `json:"afterRequests,omitempty"`
	Opens              string         `json:"opens,omitempty"`
	Closes             string         `json:"closes,omitempty"`
	Because            []originJSON   `json:"because"`
}

// PlanJSON writes a plan as one JSON object a line.
func PlanJSON(w io.Writer, lines PlanLines) (PlanCount, error) {
	var count PlanCount
	out := bufio.NewWriterSize(w, bufferSize)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for l := range lines {
		count.add(l.Kind)
		if err := enc.Encode(changeOf(&l)); err != nil {
			return count, err
		}
	}
	return count, out.Flush()
}

func changeOf(l *sim.ChangeLine) changeJSON {
	out := changeJSON{
		Change: string(l.Kind), From: l.From.ID, FromKind: l.From.Kind, To: l.To.ID, ToKind: l.To.Kind,
		Before: portWords(l.Before), After: portWords(l.After),
		BeforeRequests: requestsOf(l.Before), AfterRequests: requestsOf(l.After),
		BeforeUndetermined: l.Before.Undetermined, AfterUndetermined: l.After.Undetermined,
		Because: []originJSON{},
	}
	if l.Opens != nil && l.Opens.Request != nil {
		out.Opens = l.Opens.String()
	}
	if l.Closes != nil && l.Closes.Request != nil {
		out.Closes = l.Closes.String()
	}
	for _, o := range l.Because {
		if j := originOf(o); j != nil {
			out.Because = append(out.Because, *j)
		}
	}
	return out
}
