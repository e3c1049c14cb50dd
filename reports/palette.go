package reports

import "github.com/netfate/netfate/sim/model"

// Palette colours text for a terminal; the zero value leaves text as it is.
type Palette struct{ on bool }

// NewPalette returns a palette that colours if on is set.
func NewPalette(on bool) Palette { return Palette{on: on} }

func (p Palette) paint(code, s string) string {
	if !p.on || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// Bold makes text stand out.
func (p Palette) Bold(s string) string { return p.paint("1", s) }

// Dim makes text step back.
func (p Palette) Dim(s string) string { return p.paint("2", s) }

// Red is for what is denied, closed or wrong.
func (p Palette) Red(s string) string { return p.paint("31", s) }

// Green is for what is allowed, opened or right.
func (p Palette) Green(s string) string { return p.paint("32", s) }

// Yellow is for what is undetermined, changed or doubtful.
func (p Palette) Yellow(s string) string { return p.paint("33", s) }

// Cyan is for names of files.
func (p Palette) Cyan(s string) string { return p.paint("36", s) }

// Outcome colours a word as its outcome.
func (p Palette) Outcome(o model.Outcome, s string) string {
	switch o {
	case model.Allowed:
		return p.Green(s)
	case model.Denied:
		return p.Red(s)
	}
	return p.Yellow(s)
}
