package probe

import (
	"net"
	"time"
)

// socketOf is the name of an abstract socket (unix(7)): it needs no file system, belongs to the pod's network, and is
// gone with the process.
func socketOf(name string) string { return "@netfate-probe-" + name }

// StopSocket calls stop when Stop is called with the name, in the same pod.
func StopSocket(name string, stop func()) error {
	l, err := net.Listen("unix", socketOf(name))
	if err != nil {
		return err
	}
	go func() {
		if c, err := l.Accept(); err == nil {
			_ = c.Close()
			stop()
		}
	}()
	return nil
}

// Stop ends the agent that listens to a name. It is not ended by its process's number: in a pod whose containers
// share their processes that may be another's.
func Stop(name string) error {
	c, err := net.DialTimeout("unix", socketOf(name), 5*time.Second)
	if err != nil {
		return err
	}
	return c.Close()
}
