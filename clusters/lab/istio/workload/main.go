// Command workload is a gRPC server and client of a service mesh without proxies: it speaks xDS to istiod by
// itself, and enforces what istiod says of mutual TLS and authorization in its own process, as a program that
// uses grpc-go's xds package does.
//
//	workload serve PORT...         answers every method on the ports: who it is, and whom it saw
//	workload serve --plain PORT... the same without the mesh
//	workload call                  makes the calls that it reads from standard input, see [call]
//
// What Istio's agent would do beside it, it does itself before it serves: it has its key certified by istiod's
// certificate authority with the service account token of its pod, and writes the bootstrap of the xDS client
// to $GRPC_XDS_BOOTSTRAP. Certificates are not renewed: they are good for a day, a lab lives for minutes.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "workload:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to stop
	}
}

func run(ctx context.Context, args []string) error {
	switch {
	case len(args) > 2 && args[0] == "serve" && args[1] == "--plain":
		return serve(ctx, args[2:], true)
	case len(args) > 1 && args[0] == "serve" && args[1] != "--plain":
		return serve(ctx, args[1:], false)
	case len(args) == 1 && args[0] == "call":
		return callAll(ctx, os.Stdin, os.Stdout)
	}
	return fmt.Errorf("want serve [--plain] PORT... or call, not %q", args)
}
