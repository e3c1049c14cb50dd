// Command netfate predicts what becomes of traffic in a Kubernetes cluster. See
// "netfate --help".
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"syscall"
	"time"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/cmd/netfate/internal/quietstart"
	"github.com/netfate/netfate/cmd/netfate/root"
)

// How long work may go on after an interrupt to end by itself: what has touched a
// cluster removes what it made.
const (
	grace     = time.Second
	liveGrace = 90 * time.Second
)

func graceOf(args []string) time.Duration {
	live := len(args) > 0 && args[0] == "live" ||
		len(args) > 0 && args[0] == "test" && (slices.Contains(args, "--live") || slices.Contains(args, "--both"))
	if live {
		return liveGrace
	}
	return grace
}

func main() {
	if err := quietstart.Restore(); err != nil {
		fmt.Fprintln(os.Stderr, "warning: PATH:", err)
	}
	tuneMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	done := make(chan exit.Status, 1)
	go func() { done <- run(ctx) }()
	var status exit.Status
	select {
	case status = <-done:
	case <-ctx.Done():
		stop() // a second interrupt ends the process at once
		status = afterInterrupt(done, graceOf(os.Args[1:]))
	}
	stop()
	os.Exit(int(status))
}

// afterInterrupt gives the work time to end and to clean up.
func afterInterrupt(done <-chan exit.Status, grace time.Duration) exit.Status {
	select {
	case status := <-done:
		return status
	case <-time.After(grace):
		return exit.Interrupted
	}
}

// run runs the command; it turns a defect of netfate into words.
func run(ctx context.Context) (status exit.Status) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(os.Stderr, "error: netfate failed by a defect of its own: %v\n"+
				"Sorry. Please report it with the command line, \"netfate version\" and, if you may share them, the manifests.\n", r)
			if os.Getenv("NETFATE_TRACE") != "" {
				os.Stderr.Write(debug.Stack()) //nolint:errcheck // nobody can be told
			}
			status = exit.Failure
		}
	}()
	return root.Run(ctx, cli.Standard(), os.Args[1:])
}

// How the heap may grow: far between collections, as netfate runs shortly and
// keeps most of what it reads to the end, but not without bound.
const (
	gcPercent   = 400
	memoryLimit = 2 << 30 // beyond it the collector works as hard as it needs to
)

// tuneMemory sets the garbage collector unless the environment does.
func tuneMemory() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(gcPercent)
		debug.SetMemoryLimit(memoryLimit)
	}
}
