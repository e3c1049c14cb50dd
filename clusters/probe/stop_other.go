//go:build !linux

package probe

import "errors"

// StopSocket is for pods, which run Linux.
func StopSocket(string, func()) error { return errors.New("only Linux has abstract sockets") }

// Stop is for pods, which run Linux.
func Stop(string) error { return errors.New("only Linux has abstract sockets") }
