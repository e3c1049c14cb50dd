// Package quietstart keeps imported packages from starting programs before main.
//
// The Gherkin runner that netfate links (github.com/cucumber/godog, its internal
// package builder) runs "go env GOTOOLDIR" in a package-level variable: every
// start of netfate, of whatever command, would run the go tool that PATH names,
// or a stranger's program of that name. Go initialises a package as soon as all
// that it imports is initialised, and of several that are ready the one whose
// import path sorts first. This package imports syscall alone, as package os
// does, and its path sorts before "os", so that it always runs before os/exec
// and whatever needs that. It takes PATH away; main gives it back with [Restore]
// as the first thing it does. A test starts the binary with a "go" of its own
// and sees that nobody runs it.
//
// It must import nothing but syscall.
package quietstart

import "syscall"

// pathVariable is the variable that programs are looked up with.
const pathVariable = "PATH"

// environment is what was taken away while packages are initialised.
type environment struct {
	path string
	set  bool
}

var taken = take() //nolint:gochecknoglobals // see above: it must run before main

func take() environment {
	path, set := syscall.Getenv(pathVariable)
	if set {
		_ = syscall.Unsetenv(pathVariable) // if it stays, the start is slower and that is all
	}
	return environment{path, set}
}

// Restore gives PATH back. It must be called before anything reads it.
func Restore() error {
	if !taken.set {
		return nil
	}
	return syscall.Setenv(pathVariable, taken.path)
}
