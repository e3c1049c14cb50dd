//go:build !linux

package probe

import (
	"context"
	"errors"
	"net"
)

func (s *Server) listenSCTP(string, uint16) error { return errNoSCTP() }

func dialSCTP(context.Context, string, uint16, string) (net.Conn, error) { return nil, errNoSCTP() }

func errNoSCTP() error { return errors.New("this system has no SCTP") }

// HasSCTP tells whether the kernel speaks SCTP.
func HasSCTP() bool { return false }
