package clusters

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readPage reads a list while it arrives: each item is handed on before the next one is read, and only
// valid until then. It returns the token of the next page.
func readPage(in io.Reader, take func(item []byte)) (next string, err error) {
	p := &pageReader{d: json.NewDecoder(in), take: take}
	if err := p.read(); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return "", fmt.Errorf("its answer is not a list in JSON: %w", err)
	}
	return p.next, nil
}

type pageReader struct {
	d    *json.Decoder
	take func(item []byte)
	next string
}

func (p *pageReader) read() error {
	if err := p.open('{'); err != nil {
		return err
	}
	kind := ""
	for p.d.More() {
		key, err := p.d.Token()
		if err != nil {
			return err
		}
		switch key {
		case "kind":
			err = p.d.Decode(&kind)
		case "metadata":
			var meta struct{ Continue string }
			err = p.d.Decode(&meta)
			p.next = meta.Continue
		case "items":
			err = p.items()
		default:
			var skipped json.RawMessage
			err = p.d.Decode(&skipped)
		}
		if err != nil {
			return err
		}
	}
	if _, err := p.d.Token(); err != nil {
		return err
	}
	if !strings.HasSuffix(kind, "List") {
		return fmt.Errorf("it is of kind %q", kind)
	}
	return nil
}

func (p *pageReader) items() error {
	first, err := p.d.Token()
	if err != nil || first == nil { // the server writes null for none
		return err
	}
	if first != json.Delim('[') {
		return fmt.Errorf("items is %v", first)
	}
	var item json.RawMessage // its memory is used again for each item
	for p.d.More() {
		if err := p.d.Decode(&item); err != nil {
			return err
		}
		p.take(item)
	}
	_, err = p.d.Token()
	return err
}

func (p *pageReader) open(want json.Delim) error {
	t, err := p.d.Token()
	if err == nil && t != want {
		err = fmt.Errorf("it begins with %v", t)
	}
	return err
}
