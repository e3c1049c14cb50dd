package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	xdscreds "google.golang.org/grpc/credentials/xds"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// call is one call to make, an element of the JSON list on standard input.
type call struct {
	ID      string            `json:"id"`
	Target  string            `json:"target"` // as grpc.NewClient takes it: "xds:///host:port", "dns:///host:port"
	Method  string            `json:"method"` // "/package.Service/Method"
	Host    string            `json:"host"`   // :authority, "" for what the target gives
	Headers map[string]string `json:"headers"`
	Nonce   string            `json:"nonce"`
	Millis  int               `json:"millis"` // deadline
}

// outcome is what became of a call, one JSON line each on standard output, in any order.
type outcome struct {
	ID     string  `json:"id"`
	Code   int     `json:"code"` // of gRPC: 0 is OK
	Text   string  `json:"text,omitempty"`
	Answer *answer `json:"answer,omitempty"`
	Millis int64   `json:"millis"`
}

// callAll makes all calls at once, each over a connection of its own. The error is for what cannot be read or
// written; a call that fails is an outcome.
func callAll(ctx context.Context, in io.Reader, out io.Writer) error {
	var list []call
	if err := json.NewDecoder(in).Decode(&list); err != nil {
		return fmt.Errorf("the calls: %w", err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	enc := json.NewEncoder(out)
	for _, c := range list {
		wg.Go(func() {
			o := c.make(ctx)
			mu.Lock()
			defer mu.Unlock()
			failed = errors.Join(failed, enc.Encode(o))
		})
	}
	wg.Wait()
	return failed
}

func (c *call) make(ctx context.Context) outcome {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, time.Duration(max(c.Millis, 1))*time.Millisecond)
	defer cancel()
	a, err := c.ask(ctx)
	o := outcome{ID: c.ID, Code: int(status.Code(err)), Answer: a, Millis: time.Since(began).Milliseconds()}
	if err != nil {
		o.Text = err.Error()
	}
	return o
}

func (c *call) ask(ctx context.Context) (*answer, error) {
	creds, err := credentialsOf(c.Target)
	if err != nil {
		return nil, err
	}
	options := []grpc.DialOption{grpc.WithTransportCredentials(creds)}
	if c.Host != "" {
		options = append(options, grpc.WithAuthority(c.Host))
	}
	conn, err := grpc.NewClient(c.Target, options...)
	if err != nil {
		return nil, err
	}
	defer conn.Close() //nolint:errcheck // the call is over
	for k, v := range c.Headers {
		ctx = metadata.AppendToOutgoingContext(ctx, k, v)
	}
	var got wrapperspb.StringValue
	if err := conn.Invoke(ctx, c.Method, wrapperspb.String(c.Nonce), &got); err != nil {
		return nil, err
	}
	var a answer
	if err := json.Unmarshal([]byte(got.GetValue()), &a); err != nil {
		return nil, fmt.Errorf("an answer that is not a workload's: %w", err)
	}
	return &a, nil
}

// credentialsOf are what istiod says for the targets of the mesh, and none for others.
func credentialsOf(target string) (credentials.TransportCredentials, error) {
	if len(target) < 4 || target[:4] != "xds:" {
		return insecure.NewCredentials(), nil
	}
	return xdscreds.NewClientCredentials(xdscreds.ClientOptions{FallbackCreds: insecure.NewCredentials()})
}
