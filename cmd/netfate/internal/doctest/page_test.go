package doctest

import "strings"

// page is what is to be run of a Markdown file.
type page struct {
	blocks []block
	stray  []stray
}

// block is the commands of one fenced block: lines from..to, without the fences.
type block struct {
	from, to int
	commands []command
}

// command is one command with what the page says it prints.
type command struct {
	text   string   // without "$ ", continued lines joined
	source []string // as written
	output string
	line   int
}

// stray is a line that looks like a command where none is run.
type stray struct {
	text string
	line int
}

// fence starts and ends a block.
const fence = "```"

// parse finds the blocks of the language console.
func parse(text string) page {
	var p page
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		language, ok := strings.CutPrefix(strings.TrimSpace(lines[i]), fence)
		if !ok {
			continue
		}
		from := i + 1
		for i++; i < len(lines) && strings.TrimSpace(lines[i]) != fence; i++ {
			if language != "console" && looksRun(lines[i]) {
				p.stray = append(p.stray, stray{lines[i], i + 1})
			}
		}
		if language == "console" {
			p.blocks = append(p.blocks, block{from, i, commands(lines[from:i], from)})
		}
	}
	return p
}

// looksRun tells whether a line is a command of netfate that no test runs. Those
// that need a cluster are let be.
func looksRun(line string) bool {
	line = strings.TrimPrefix(strings.TrimSpace(line), "$ ")
	return strings.HasPrefix(line, "netfate ") && !strings.Contains(line, "--context")
}

// commands splits the lines of a block.
func commands(lines []string, at int) []command {
	var out []command
	for i := 0; i < len(lines); i++ {
		text, ok := strings.CutPrefix(lines[i], "$ ")
		if !ok {
			if len(out) > 0 {
				c := &out[len(out)-1]
				c.output += lines[i] + "\n"
			}
			continue
		}
		c := command{text: text, source: []string{lines[i]}, line: at + i + 1}
		for strings.HasSuffix(c.text, `\`) && i+1 < len(lines) {
			i++
			c.text = strings.TrimSuffix(c.text, `\`) + strings.TrimSpace(lines[i])
			c.source = append(c.source, lines[i])
		}
		out = append(out, c)
	}
	for i := range out {
		out[i].output = tidy(out[i].output)
	}
	return out
}

// tidy takes the blanks off the ends of lines and the empty lines off the end.
func tidy(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}
