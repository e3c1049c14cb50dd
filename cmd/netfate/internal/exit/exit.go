// Package exit holds the exit statuses of netfate and carries them in errors, so
// that only main exits.
package exit

import (
	"context"
	"errors"
)

// Status is what the process exits with.
type Status int

// The statuses.
const (
	OK           Status = 0   // as expected
	Failure      Status = 1   // wrong usage or wrong input
	Difference   Status = 2   // a difference, or a specification that does not hold
	Undetermined Status = 3   // undetermined where that is not allowed
	Interrupted  Status = 130 // by the user
)

// Error is an error with the status that it means. With no Err there is nothing
// more to say: the output has said it.
type Error struct {
	Status Status
	Err    error
}

// Error returns the text of the error, "" when there is none.
func (e *Error) Error() string {
	if e.Err == nil {
		return ""
	}
	return e.Err.Error()
}

// Unwrap returns the error that carries the text.
func (e *Error) Unwrap() error { return e.Err }

// With returns a silent error that exits with a status, nil for OK.
func With(s Status) error {
	if s == OK {
		return nil
	}
	return &Error{Status: s}
}

// Of returns the status of an error.
func Of(err error) Status {
	var e *Error
	switch {
	case err == nil:
		return OK
	case errors.As(err, &e):
		return e.Status
	case errors.Is(err, context.Canceled):
		return Interrupted
	}
	return Failure
}
