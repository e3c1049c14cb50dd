package observation

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxLine bounds a line: a record is some hundred bytes, with headers some thousand.
const maxLine = 1 << 20

// Writer writes one file. It is not safe for concurrent use.
type Writer struct {
	out *bufio.Writer
	enc *json.Encoder
}

// NewWriter writes the header and returns the writer of the records; the header's version is set. Flush
// it at the end. The error is that of the output.
func NewWriter(w io.Writer, h Header) (*Writer, error) {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	h.Version = Version
	if err := enc.Encode(h); err != nil {
		return nil, fmt.Errorf("cannot write the observations: %w", err)
	}
	return &Writer{out: out, enc: enc}, nil
}

// Write adds a record. The error is that of the output, or says what the record lacks.
func (w *Writer) Write(r Record) error {
	if err := r.check(Version); err != nil {
		return err
	}
	if err := w.enc.Encode(r); err != nil {
		return fmt.Errorf("cannot write the observations: %w", err)
	}
	return nil
}

// Flush hands on what is still held back.
func (w *Writer) Flush() error {
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("cannot write the observations: %w", err)
	}
	return nil
}

// Write writes a whole file.
func Write(out io.Writer, h Header, records []Record) error {
	w, err := NewWriter(out, h)
	if err != nil {
		return err
	}
	for i := range records {
		if err := w.Write(records[i]); err != nil {
			return err
		}
	}
	return w.Flush()
}

// Read reads a whole file. It is strict: an unknown field, an unknown word, another version or a line
// that is cut off is an error that names the line. Empty lines are not allowed.
func Read(in io.Reader) (Header, []Record, error) {
	s := bufio.NewScanner(in)
	s.Buffer(make([]byte, 0, 1<<16), maxLine)
	var h Header
	var records []Record
	line := 0
	for s.Scan() {
		line++
		var err error
		if line == 1 {
			h, err = readHeader(s.Bytes())
		} else {
			records, err = appendRecord(records, s.Bytes(), h.Version)
		}
		if err != nil {
			return Header{}, nil, fmt.Errorf("line %d: %w", line, err)
		}
	}
	switch err := s.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return Header{}, nil, fmt.Errorf("line %d: longer than %d bytes", line+1, maxLine)
	case err != nil:
		return Header{}, nil, fmt.Errorf("line %d: %w", line+1, err)
	case line == 0:
		return Header{}, nil, errors.New("line 1: no header: the file is empty")
	}
	return h, records, nil
}

// readHeader looks at the version first: another one may have other fields.
func readHeader(line []byte) (Header, error) {
	var v struct {
		Version *int `json:"version"`
	}
	switch err := json.Unmarshal(line, &v); {
	case err != nil:
		return Header{}, fmt.Errorf("not the header of an observation: %w", err)
	case v.Version == nil:
		return Header{}, errors.New(`not the header of an observation: it has no "version"`)
	case *v.Version < 1 || *v.Version > Version:
		return Header{}, fmt.Errorf("version %d of the format: this netfate reads versions 1 to %d", *v.Version, Version)
	}
	var h Header
	return h, strict(line, &h)
}

func appendRecord(records []Record, line []byte, version int) ([]Record, error) {
	var r Record
	if err := strict(line, &r); err != nil {
		return nil, err
	}
	if err := r.check(version); err != nil {
		return nil, err
	}
	return append(records, r), nil
}

// strict decodes exactly one value, without fields that are not known.
func strict(line []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.New("the line is cut off")
		}
		return fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value on the line")
	}
	return nil
}

// protocols are those that a version of the format has.
func protocols(version int) []string {
	if version == 1 {
		return []string{TCP, UDP, SCTP}
	}
	return []string{TCP, UDP, SCTP, ICMP, ICMPv6}
}

// check says what a record lacks or has that a version of the format does not know.
func (r *Record) check(version int) error {
	for _, field := range []struct {
		name, value string
		known       []string
	}{
		{"flow.from.kind", r.Flow.From.Kind, kinds()},
		{"flow.to.kind", r.Flow.To.Kind, kinds()},
		{"flow.protocol", r.Flow.Protocol, protocols(version)},
		{"result", string(r.Result), words(Results())},
		{"control", r.Control, []string{ControlOK, ControlFailedBefore, ControlFailedAfter, ControlNone}},
		{"phase", r.Phase, []string{PhaseControl, PhasePolicy}},
	} {
		if !slices.Contains(field.known, field.value) {
			return fmt.Errorf("%s is %q, which is none of %s", field.name, field.value, strings.Join(field.known, ", "))
		}
	}
	if r.Flow.Ping() && r.Flow.Port != 0 {
		return fmt.Errorf("flow.port is %d, and %s has no ports", r.Flow.Port, r.Flow.Protocol)
	}
	if r.Result == Inconclusive && r.Detail == "" {
		return errors.New("inconclusive without a reason in detail")
	}
	return nil
}

func kinds() []string { return []string{KindPod, KindNode, KindAddress, KindHost, KindService} }

func words(results []Result) []string {
	out := make([]string, len(results))
	for i, r := range results {
		out[i] = string(r)
	}
	return out
}
