package model

import "fmt"

// Snapshot is everything collected at one moment.
type Snapshot struct {
	Objects  []*Object // in the order they were read
	Problems []Problem // what could not be read, and warnings
	Broken   []Broken  // documents that could not be read at all
	Unread   []KindCount
	Facts    Facts
}

// Facts are settings of the cluster that decide verdicts and are not policies.
type Facts struct {
	Network string // CNI name as a profile name, "" when unknown
	Version string // its version, "" when unknown
	Origin  string // how the facts are known
}

// KindCount counts objects of a kind that no translator reads.
type KindCount struct {
	APIVersion, Kind string
	Count            int
}

// Severity of a problem.
type Severity uint8

// The severities.
const (
	Warning Severity = iota // the answer stands
	Error                   // something asked for could not be read or is refused by the API server
)

// String returns "warning" or "error".
func (s Severity) String() string {
	if s == Error {
		return "error"
	}
	return "warning"
}

// Problem is something wrong with the input, told to the person who can mend it.
type Problem struct {
	Severity Severity
	File     string // "" when the problem has no file
	Line     int
	Col      int
	Object   Ref    // zero when the object is not known
	Field    string // field path, "" for the whole object
	Message  string // what is wrong
	Hint     string // what to do, "" when the message says it
	Rejected bool   // the API server would refuse the object: it has no effect
}

// Error returns the problem as one line: place, object, field, message, hint.
func (p Problem) Error() string {
	s := p.Severity.String() + ": "
	if p.File != "" {
		s += p.File
		if p.Line > 0 {
			s += fmt.Sprintf(":%d", p.Line)
			if p.Col > 0 {
				s += fmt.Sprintf(":%d", p.Col)
			}
		}
		s += ": "
	}
	if p.Object.Kind != "" {
		s += p.Object.String() + ": "
	}
	if p.Field != "" {
		s += p.Field + ": "
	}
	s += p.Message
	if p.Hint != "" {
		s += " (" + p.Hint + ")"
	}
	return s
}

// Broken is a document that could not be read. What is known of it bounds the
// verdicts it could affect: an unknown Kind may be anything, an unknown
// Namespace may be any namespace.
type Broken struct {
	Ref
	File string
	Line int
	Why  string
}
