//go:build unix

package sim_test

import (
	"syscall"
	"time"
)

// cpuTime returns the processor time of this process: what a benchmark on a
// shared machine can be measured by.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
