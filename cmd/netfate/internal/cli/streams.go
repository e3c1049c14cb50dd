// Package cli holds what the commands of netfate share in talking to a person:
// streams, colour, progress, help, and files that are written whole or not at all.
package cli

import (
	"io"
	"os"

	"golang.org/x/term"

	"github.com/netfate/netfate/reports"
)

// Streams are what a command reads and writes. Results go to Out, everything
// else to Err.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	// OutTerminal and ErrTerminal tell whether a person looks at the stream.
	OutTerminal, ErrTerminal bool
	// Getenv looks up the environment.
	Getenv func(string) string
	// Color is the value of --color: auto, always or never.
	Color string
}

// Standard returns the streams of the process.
func Standard() *Streams {
	return &Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Color: ColorAuto,
		OutTerminal: term.IsTerminal(int(os.Stdout.Fd())), ErrTerminal: term.IsTerminal(int(os.Stderr.Fd())),
	}
}

// The values of --color.
const (
	ColorAuto   = "auto"
	ColorAlways = "always"
	ColorNever  = "never"
)

// OutColor tells whether results are coloured.
func (s *Streams) OutColor() bool { return s.colors(s.OutTerminal) }

// OutPalette returns the colours for results.
func (s *Streams) OutPalette() reports.Palette { return reports.NewPalette(s.OutColor()) }

// ErrPalette returns the colours for everything else.
func (s *Streams) ErrPalette() reports.Palette { return reports.NewPalette(s.colors(s.ErrTerminal)) }

func (s *Streams) colors(terminal bool) bool {
	switch s.Color {
	case ColorAlways:
		return true
	case ColorNever:
		return false
	}
	return terminal && s.Getenv("NO_COLOR") == "" && s.Getenv("TERM") != "dumb"
}
