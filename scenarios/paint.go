package scenarios

// mark is the sign of a status.
func (t *terminal) mark(s Status) string {
	marks := map[Status][2]string{
		Passed: {"✓", "ok"}, Failed: {"✗", "FAIL"}, Undetermined: {"?", "????"}, Inconclusive: {"?", "????"}, Undefined: {"✗", "UNDEFINED"},
		Invalid: {"✗", "ERROR"}, Skipped: {"-", "-"},
	}
	sign := marks[s][0]
	if t.o.ASCII {
		sign = marks[s][1]
	}
	return t.paint(s, sign)
}

// paint colours a text by status.
func (t *terminal) paint(s Status, text string) string {
	switch s {
	case Passed:
		return t.sgr("32", text)
	case Undetermined, Undefined, Inconclusive:
		return t.sgr("33", text)
	case Skipped:
		return t.sgr("2", text)
	}
	return t.sgr("31", text)
}

func (t *terminal) bold(text string) string { return t.sgr("1", text) }

func (t *terminal) dim(text string) string { return t.sgr("2", text) }

func (t *terminal) sgr(code, text string) string {
	if !t.o.Color {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
