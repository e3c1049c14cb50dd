package rulekit

import (
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// BoundPriority is before every priority that an object can have.
const BoundPriority = -1

// Open tells whether the object holds something that may mean anything, such as
// an unknown field: its policies must be replaced by bounds.
func (r *Reader) Open() bool { return len(r.unknown) > 0 }

// OpenUnder tells whether that something is at the path or below it.
func (r *Reader) OpenUnder(path string) bool {
	for _, u := range r.unknown {
		if u == path || strings.HasPrefix(u, path+".") || strings.HasPrefix(u, path+"[") {
			return true
		}
	}
	return false
}

// OpenOnlyUnder tells whether all of that is at the path or below it.
func (r *Reader) OpenOnlyUnder(path string) bool {
	for _, u := range r.unknown {
		if u != path && !strings.HasPrefix(u, path+".") {
			return false
		}
	}
	return true
}

// Unreadable notes a part that the API server accepts and nothing can read: what
// the object does is open.
func (r *Reader) Unreadable(at At, message, hint string) {
	p := r.problem(at, message, hint)
	p.Severity = model.Error
	r.output.Problems = append(r.output.Problems, p)
	r.unknown = append(r.unknown, at.path)
}

// OpenReason returns why the object's effect is open.
func (r *Reader) OpenReason() *model.Reason {
	return &model.Reason{
		Kind:   model.UnreadInput,
		Text:   r.Object.String() + " has a part that is not understood (" + strings.Join(r.unknown, ", ") + "), which may mean anything",
		Origin: r.Root().Origin(),
	}
}

// BrokenReason returns why the effect of a document is open that could not be
// read at all.
func BrokenReason(b *model.Broken) *model.Reason {
	text := "a document could not be read"
	if b.Kind != "" {
		text = b.Ref.String() + " could not be read"
	}
	if b.Why != "" {
		text += ": " + b.Why
	}
	return &model.Reason{Kind: model.UnreadInput, Text: text, Origin: BrokenOrigin(b)}
}

// BrokenOrigin returns the place of a document that could not be read.
func BrokenOrigin(b *model.Broken) model.Origin {
	line := uint32(max(0, b.Line))
	return model.Origin{Object: &model.Object{Ref: b.Ref, File: b.File, Line: line}, Line: line}
}

// Bound returns one policy for each direction that may or may not do each of the
// actions to everything its subject sends or receives, and that may or may not
// be there.
func Bound(subject model.Selector, why *model.Reason, o model.Origin, actions ...model.Action) []*model.Policy {
	out := make([]*model.Policy, 0, 2)
	for _, d := range [...]model.Direction{model.Ingress, model.Egress} {
		p := &model.Policy{
			Direction: d, Subject: subject, Priority: BoundPriority, Uncertain: why, Origin: o,
		}
		for _, a := range actions {
			p.Rules = append(p.Rules, model.Rule{
				Action: a, AnyPeer: true, Traffic: model.Traffic{Any: true}, Uncertain: why, Origin: o,
			})
		}
		out = append(out, p)
	}
	return out
}
