package inventory

import (
	"strconv"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// reader reads one object and keeps what there is to report about it.
type reader struct {
	report
	o        *model.Object
	opt      *Options
	rejected bool // the API server would refuse the object
}

// problem reports something wrong at a field of the object.
func (r *reader) problem(severity model.Severity, path, message, hint string) *model.Problem {
	at := r.o.At(path)
	r.problems = append(r.problems, model.Problem{
		Severity: severity, File: r.o.File, Line: int(at.Line), Col: int(at.Col),
		Object: r.o.Ref, Field: path, Message: message, Hint: hint,
	})
	return &r.problems[len(r.problems)-1]
}

// reject reports what the API server would refuse the object for.
func (r *reader) reject(path, message, hint string) {
	r.problem(model.Error, path, message, hint).Rejected = true
	r.rejected = true
}

// gap reports something that the model does not carry exactly.
func (r *reader) gap(path, text string, mayAllow, mayDeny bool) {
	r.gaps = append(r.gaps, model.Gap{Origin: r.o.At(path), Text: text, MayAllow: mayAllow, MayDeny: mayDeny})
}

// items returns the items of a list; nothing for all else.
func items(n *manifest.Node) []manifest.Node {
	if n == nil || n.Kind != manifest.List {
		return nil
	}
	return n.Items
}

// isTrue tells whether a field is the boolean true.
func isTrue(n *manifest.Node) bool {
	return n != nil && n.Kind == manifest.Bool && n.Value == "true"
}

// present tells whether a field is there and not null.
func present(n *manifest.Node) bool { return n != nil && n.Kind != manifest.Null }

// portNumber reads a port number; ok is false for what no port can be.
func portNumber(n *manifest.Node) (port uint16, ok bool) {
	if n == nil || n.Kind != manifest.Int {
		return 0, false
	}
	v, err := strconv.ParseUint(n.Value, 10, 16)
	return uint16(v), err == nil && v > 0
}

// index returns path[i].
func index(path string, i int) string { return manifest.JoinIndex(path, i) }
