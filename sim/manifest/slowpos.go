package manifest

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// lineTable finds bytes by the library's lines and columns, in constant time, whatever the lines look
// like. The library counts characters, not bytes, and its lines also end at the rare line breaks of
// YAML 1.1, where those of an editor do not.
type lineTable struct {
	lines []libraryLine
	marks []int // the offset of every markEvery-th character
}

const markEvery = 64

// libraryLine is a line in the library's count.
type libraryLine struct {
	char int // its first character, counted from the start of the document
	line int // the line of the file it is on
	bol  int // where that line starts
}

func newLineTable(src string, c chunk) lineTable {
	line := libraryLine{line: c.startLine, bol: strings.LastIndexByte(src[:c.start], '\n') + 1}
	if line.bol == 0 && strings.HasPrefix(src, "\uFEFF") {
		line.bol = 3
	}
	t := lineTable{lines: []libraryLine{line}}
	char := 0
	for i := c.start; i < c.end; char++ {
		if char%markEvery == 0 {
			t.marks = append(t.marks, i)
		}
		r, n := rune(src[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(src[i:c.end])
		}
		i += n
		if r == '\n' {
			line.line++
			line.bol = i
		} else if (r != '\r' || i < c.end && src[i] == '\n') && r != 0x85 && r != 0x2028 && r != 0x2029 {
			continue
		}
		line.char = char + 1
		t.lines = append(t.lines, line)
	}
	t.marks = append(t.marks, c.end)
	return t
}

// position returns the 1-based line and byte column of n in the file.
func (v *converter) position(n *yaml.Node) (line, col int) {
	if n.Line < 1 || n.Line > len(v.lines.lines) {
		return v.chunk.startLine + max(n.Line, 1) - 1, max(n.Column, 1)
	}
	l := v.lines.lines[n.Line-1]
	return l.line, v.offset(n) - l.bol + 1
}

// offset returns the offset of n's first byte in the file.
func (v *converter) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(v.lines.lines) {
		return v.chunk.end
	}
	char := v.lines.lines[n.Line-1].char + max(n.Column, 1) - 1
	if char/markEvery >= len(v.lines.marks) {
		return v.chunk.end
	}
	at := v.lines.marks[char/markEvery]
	for range char % markEvery {
		if at >= v.chunk.end {
			break
		}
		_, size := utf8.DecodeRuneInString(v.src[at:v.chunk.end])
		at += size
	}
	return at
}
