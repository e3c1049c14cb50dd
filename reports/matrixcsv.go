package reports

import (
	"encoding/csv"
	"io"
)

// MatrixCSV writes a matrix as CSV with a header.
func MatrixCSV(w io.Writer, lines MatrixLines) error {
	out := csv.NewWriter(w)
	record := []string{"from", "fromKind", "to", "toKind", "connections", "other", "undetermined", "requests"}
	if err := out.Write(record); err != nil {
		return err
	}
	for l := range lines {
		record[0], record[1], record[2], record[3] = l.From.ID, l.From.Kind, l.To.ID, l.To.Kind
		record[4], record[5], record[6], record[7] = l.Ports, l.Other, l.Undetermined, requestsText(l.Connections)
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
