// Package reports writes the answers of the simulator for people and for
// programs: terminal text, JSON lines, CSV, Markdown, DOT. One file is one
// answer in one format.
//
// Every reporter is a function from an answer to an [io.Writer]: it computes no
// verdict, reads no flag and knows no terminal; colour comes as a [Palette]. The
// JSON of every command has a published schema, see [Schema].
package reports
