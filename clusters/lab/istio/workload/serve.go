package main

import (
	"context"
	"fmt"
	"net"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
	xdscreds "google.golang.org/grpc/credentials/xds"
	"google.golang.org/grpc/xds"
)

// server is what both kinds of gRPC server have in common.
type server interface {
	Serve(net.Listener) error
	Stop()
}

// serve answers on all ports until the context ends; the first port that fails ends it too.
func serve(ctx context.Context, ports []string, plain bool) error {
	if !plain {
		if err := enrol(ctx, podFromEnv()); err != nil {
			return err
		}
	}
	failed := make(chan error, len(ports))
	for _, port := range ports {
		s, err := newServer(plain)
		if err != nil {
			return err
		}
		defer s.Stop()
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp4", "0.0.0.0:"+port)
		if err != nil {
			return err
		}
		go func() { failed <- s.Serve(l) }()
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return err
	}
}

func newServer(plain bool) (server, error) {
	if plain {
		return grpc.NewServer(grpc.UnknownServiceHandler(echo)), nil
	}
	// The fallback serves plaintext where istiod asks for no TLS.
	creds, err := xdscreds.NewServerCredentials(xdscreds.ServerOptions{FallbackCreds: insecure.NewCredentials()})
	if err != nil {
		return nil, err
	}
	return xds.NewGRPCServer(grpc.Creds(creds), grpc.UnknownServiceHandler(echo), xds.ServingModeCallback(report))
}

// report says when a port begins or ceases to serve: istiod has not described it, or the description is refused.
func report(at net.Addr, args xds.ServingModeChangeArgs) {
	if args.Mode == connectivity.ServingModeServing {
		fmt.Fprintln(os.Stderr, at, "serves")
		return
	}
	fmt.Fprintln(os.Stderr, at, "does not serve:", args.Err)
}
