package scenarios

import (
	"regexp"
	"strings"
)

const (
	methodRegexp   = `GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE`
	requestsRegexp = `(?:` + methodRegexp + `) anything (?:to|on)|send any request to`
)

// expression compiles a pattern in words. SUBJECT, SUBJECTS, PORTS,
// NAME, METHOD, REQUESTS, STATUS and PERCENT stand for what a step says; "[...]" is optional; "|" chooses.
func expression(pattern string) (*regexp.Regexp, error) {
	var b strings.Builder
	b.WriteString("^")
	for i := 0; i < len(pattern); {
		rest := pattern[i:]
		word, text := placeholder(rest)
		switch {
		case word != "":
			b.WriteString(text)
			i += len(word)
		case rest[0] == '[':
			b.WriteString("(?:")
			i++
		case rest[0] == ']':
			b.WriteString(")?")
			i++
		default:
			b.WriteString(regexp.QuoteMeta(rest[:1]))
			i++
		}
	}
	b.WriteString("$")
	return regexp.Compile(b.String())
}

// placeholder returns the placeholder that text starts with and its expression.
func placeholder(text string) (word, expr string) {
	for _, p := range [...][2]string{
		{"REQUESTS", "(" + requestsRegexp + ")"},
		{"SUBJECTS", "(" + listRegexp + ")"},
		{"SUBJECT", "(" + subjectRegexp + ")"},
		{"PORTS", "(" + portsRegexp + ")"},
		{"NAME", "(" + quoted + ")"},
		{"METHOD", "(" + methodRegexp + ")"},
		{"STATUS", "([1-5][0-9][0-9]|reset|timeout|TLS failure)"},
		{"PERCENT", "([0-9]+%)"},
		{"reaching|to", "(?:reaching|to)"},
	} {
		if strings.HasPrefix(text, p[0]) {
			return p[0], p[1]
		}
	}
	return "", ""
}

// unquote takes the quotes off a NAME.
func unquote(text string) string { return strings.TrimSuffix(strings.TrimPrefix(text, `"`), `"`) }
