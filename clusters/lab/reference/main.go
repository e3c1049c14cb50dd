package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"k8s.io/client-go/rest"
)

// statusAddress is where the agent answers with its counters, and 200 when it enforces.
const statusAddress = "127.0.0.1:9891"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, os.Getenv("NODE_NAME")); err != nil {
		slog.Error("stopped, the rules stay and drop what would be judged", "error", err)
		os.Exit(1)
	}
	if err := uninstall(); err != nil {
		slog.Error("stopped", "error", err)
		os.Exit(1)
	}
	slog.Info("stopped, the rules are removed")
}

// run enforces the policies on a node until ctx ends.
func run(ctx context.Context, node string) error {
	if node == "" {
		return errors.New("NODE_NAME is not set: set it from spec.nodeName")
	}
	config, err := rest.InClusterConfig()
	if err != nil {
		return fmt.Errorf("the agent runs as a pod: %w", err)
	}
	w, err := newWatcher(config)
	if err != nil {
		return err
	}
	j := &judge{engine: w.engine(node), pods: w.pods, networks: w.networks, count: &counters{}}
	failed := make(chan error, 3)
	go func() { failed <- status(j.count) }()

	changes := make(chan struct{}, 1)
	notify := func() {
		select {
		case changes <- struct{}{}:
		default: // one is waiting already and stands for this too
		}
	}
	if err := w.start(ctx, notify); err != nil {
		return err
	}
	slog.Info("policies are read", "node", node)
	unserved, err := serve(ctx, j)
	if err != nil {
		return err
	}
	go func() { failed <- <-unserved }()
	go func() { failed <- follow(ctx, j, changes) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return nil
	}
}

// status serves the counters.
func status(c *counters) error {
	s := &http.Server{Addr: statusAddress, Handler: c, ReadHeaderTimeout: 2 * time.Second}
	if err := s.ListenAndServe(); err != nil {
		return fmt.Errorf("status: %w", err)
	}
	return nil
}
