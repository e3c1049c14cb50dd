//go:build !linux

package probe

import "context"

func (t *try) echo(context.Context) Report {
	return inconclusive("this system sends no ICMP without privileges")
}

// HasICMP tells whether this process may send echo requests.
func HasICMP() bool { return false }
