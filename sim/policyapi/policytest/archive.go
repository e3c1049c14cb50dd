package policytest

import "strings"

// File is one file of an archive.
type File struct{ Name, Data string }

// Archive is a txtar archive: a comment and files.
type Archive struct {
	Comment string
	Files   []File
}

// Parse reads an archive. A line "-- name --" starts a file.
func Parse(text string) *Archive {
	a := &Archive{}
	into := &a.Comment
	for _, line := range strings.SplitAfter(text, "\n") {
		name, ok := marker(line)
		if ok {
			a.Files = append(a.Files, File{Name: name})
			into = &a.Files[len(a.Files)-1].Data
			continue
		}
		*into += line
	}
	return a
}

func marker(line string) (string, bool) {
	line = strings.TrimRight(line, "\r\n")
	if !strings.HasPrefix(line, "-- ") || !strings.HasSuffix(line, " --") || len(line) < 7 {
		return "", false
	}
	return strings.TrimSpace(line[3 : len(line)-3]), true
}

// Format writes the archive as Parse reads it.
func (a *Archive) Format() string {
	var b strings.Builder
	b.WriteString(a.Comment)
	for _, f := range a.Files {
		b.WriteString("-- " + f.Name + " --\n" + f.Data)
		if f.Data != "" && !strings.HasSuffix(f.Data, "\n") {
			b.WriteByte('\n')
		}
	}
	return b.String()
}
