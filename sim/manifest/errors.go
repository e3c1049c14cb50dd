package manifest

import (
	"strconv"
	"strings"
)

// Error is one thing wrong with a manifest, at a place.
type Error struct {
	// File is the name given to Parse or Decode.
	File string
	// Line and Col are the 1-based position, 0 when it is unknown.
	Line, Col int
	// Path is the field ("spec.ingress[0].from"), empty for errors of syntax.
	Path string
	// Msg says what is wrong, in plain words.
	Msg string
	// Hint says what may help; often empty.
	Hint string
	// Warning is set for what a lenient decode lets pass.
	Warning bool
}

// Error returns "file:line:col: path: msg (hint)", leaving out what is unknown.
func (e Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		b.WriteByte(':')
		b.WriteString(strconv.Itoa(e.Line))
		if e.Col > 0 {
			b.WriteByte(':')
			b.WriteString(strconv.Itoa(e.Col))
		}
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	if e.Path != "" {
		b.WriteString(e.Path)
		b.WriteString(": ")
	}
	b.WriteString(e.Msg)
	if e.Hint != "" {
		b.WriteString(" (" + e.Hint + ")")
	}
	return b.String()
}

// Limits bound what Parse spends on one file. Exceeding one is an Error.
type Limits struct {
	// MaxBytes is the largest file.
	MaxBytes int64
	// MaxDepth is the deepest nesting of maps and lists.
	MaxDepth int
	// MaxNodes is the largest number of values in one document.
	MaxNodes int
	// MaxAliasNodes is the largest number of values that the aliases of one document may expand to.
	MaxAliasNodes int
	// MaxSlowBytes is the largest document given to the slow parser, which needs about fifty bytes of
	// memory for each byte of text.
	MaxSlowBytes int
}

// DefaultLimits returns limits that no honest manifest meets: 1 GiB, 512 levels, 32 million values,
// 250,000 values from aliases, 32 MiB for the slow parser.
func DefaultLimits() Limits {
	return Limits{
		MaxBytes:      1 << 30,
		MaxDepth:      512,
		MaxNodes:      32 << 20,
		MaxAliasNodes: 250_000,
		MaxSlowBytes:  32 << 20,
	}
}

// withDefaults fills the limits that are zero.
func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	if l.MaxBytes <= 0 || l.MaxBytes > 1<<32-1 { // positions are 32 bits wide
		l.MaxBytes = d.MaxBytes
	}
	if l.MaxDepth <= 0 {
		l.MaxDepth = d.MaxDepth
	}
	if l.MaxNodes <= 0 {
		l.MaxNodes = d.MaxNodes
	}
	if l.MaxAliasNodes <= 0 {
		l.MaxAliasNodes = d.MaxAliasNodes
	}
	if l.MaxSlowBytes <= 0 {
		l.MaxSlowBytes = d.MaxSlowBytes
	}
	return l
}
