package manifest

import (
	"fmt"
	"strings"
	"unsafe"
)

// Parse reads a file of YAML or JSON documents. It returns all documents with content, in order; one
// that is broken has a nil Root and its Raw text, and an Error with a position says why. It never
// panics and does not write to data, which must not change afterwards: the tree aliases it.
func Parse(file string, data []byte, lim Limits) ([]Document, []Error) {
	f := fileParser{lim: lim.withDefaults()}
	return f.parse(file, data)
}

// fileParser is the state of one Parse.
type fileParser struct {
	file string
	data []byte
	lim  Limits
	p    parser
	docs []Document
	errs []Error
}

// parse parses one file.
func (f *fileParser) parse(file string, data []byte) ([]Document, []Error) {
	if int64(len(data)) > f.lim.MaxBytes {
		msg := fmt.Sprintf("the file has %d bytes, more than the limit of %d", len(data), f.lim.MaxBytes)
		return nil, []Error{{File: file, Msg: msg}}
	}
	if isUTF16(data) {
		return nil, []Error{{File: file, Line: 1, Col: 1, Msg: "the file is UTF-16, not UTF-8",
			Hint: "save it as UTF-8, for example: iconv -f UTF-16 -t UTF-8"}}
	}
	f.file, f.data = file, data
	f.p.src = unsafe.String(unsafe.SliceData(data), len(data)) // one string, aliased by every scalar
	f.p.lim = f.lim
	f.p.mem.hint(len(data))
	f.run()
	return f.docs, f.errs
}

// run parses the file's documents one by one.
func (f *fileParser) run() {
	s := splitter{src: f.p.src, line: 1}
	s.skipBOM()
	for {
		c, ok := s.next()
		if !ok {
			return
		}
		if c.content < c.end {
			f.document(c)
		}
	}
}

// document parses one chunk and appends its document, or several when it is a stream of JSON values.
func (f *fileParser) document(c chunk) {
	text := f.p.src[:c.end]
	f.p.pos = c.start
	flags, bad := classify(text[c.start:])
	if bad >= 0 {
		f.fail(c, f.badByte(c, bad))
		return
	}
	var jsonErr *Error
	if first := text[c.content]; first == '{' || first == '[' {
		var ok bool
		if ok, jsonErr = f.json(c); ok {
			return
		}
	}
	if !c.inline && !c.tabs && flags&(bareCR|oddBreak) == 0 {
		root, err := f.p.yaml(c)
		if err != nil {
			f.fail(c, *err)
			return
		}
		if root != nil {
			f.add(c, root, c.contentLine)
			return
		}
	}
	stop := f.p.stop(c)
	root, err := slowParse(f.p.src, c, stop, f.lim)
	switch {
	case err == nil:
		f.add(c, root, c.contentLine)
	case jsonErr != nil && looksLikeJSON(text[c.content:]):
		f.fail(c, *jsonErr)
	default:
		f.fail(c, *err)
	}
}

// json parses the chunk as JSON values; ok is false when it is not that, for YAML to try.
func (f *fileParser) json(c chunk) (ok bool, err *Error) {
	p := jsonParser{parser: &f.p}
	docs, err := p.values(c)
	if err != nil {
		if p.certain {
			f.fail(c, *err)
			return true, nil
		}
		return false, err
	}
	for _, d := range docs {
		f.add(chunk{start: d.start, end: d.end}, d.root, int(d.root.Line))
	}
	return true, nil
}

func (f *fileParser) add(c chunk, root *Node, line int) {
	f.docs = append(f.docs, Document{
		Root: root, File: f.file, Line: line, Index: len(f.docs), Raw: f.data[c.start:c.end:c.end],
	})
}

// fail records a broken document and its error.
func (f *fileParser) fail(c chunk, err Error) {
	err.File = f.file
	f.errs = append(f.errs, err)
	f.add(c, nil, c.contentLine)
}

// badByte describes the byte at offset bad of the chunk's content, which no YAML may contain.
func (f *fileParser) badByte(c chunk, bad int) Error {
	at := c.start + bad
	line, col := c.position(f.p.src, at)
	e := Error{Line: line, Col: col}
	switch b := f.p.src[at]; {
	case b == 0:
		e.Msg = "a NUL character is not allowed"
		e.Hint = "is this a binary or a UTF-16 file?"
	case b < 0x80:
		e.Msg = fmt.Sprintf("the control character %#02x is not allowed", b)
	default:
		e.Msg = fmt.Sprintf("invalid UTF-8 or a control character at byte %#02x", b)
		e.Hint = "save the file as UTF-8"
	}
	return e
}

// isUTF16 recognizes UTF-16 by its byte order mark, or by a NUL beside the first character.
func isUTF16(data []byte) bool {
	if len(data) < 2 {
		return false
	}
	a, b := data[0], data[1]
	return a == 0xFF && b == 0xFE || a == 0xFE && b == 0xFF || (a == 0) != (b == 0)
}

// looksLikeJSON tells a broken JSON document from a broken YAML flow map or a template, for the error
// message.
func looksLikeJSON(s string) bool {
	rest := strings.TrimLeft(s[1:], " \t\r\n")
	return rest != "" && (rest[0] == '"' || s[0] == '[' && rest[0] == '{')
}
