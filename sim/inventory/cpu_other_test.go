//go:build !unix

package inventory

import "time"

// cpuTime is not known here.
func cpuTime() time.Duration { return 0 }
