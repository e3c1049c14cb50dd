package clusters

import (
	"context"
	"errors"
	"io"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/rest"
)

// maxRetries is how often a request is repeated that the server asks to send again later.
const maxRetries = 4

// errSilent is the cause of a request that was given up.
var errSilent = errors.New("no answer")

// connection is one cluster's API server. It is safe for concurrent use.
type connection struct {
	rest    rest.Interface
	host    string
	timeout time.Duration
}

// connect prepares requests; none is sent.
func connect(config *rest.Config, timeout time.Duration) (*connection, error) {
	c := rest.CopyConfig(config)
	scheme := runtime.NewScheme() // the only objects decoded by client-go are errors
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	c.NegotiatedSerializer = serializer.NewCodecFactory(scheme).WithoutConversion()
	c.QPS = -1 // some dozens of requests in all, a few at a time
	c.Timeout = 0
	c.UserAgent = "netfate"
	c.WarningHandler = rest.NoWarnings{}
	client, err := rest.HTTPClientFor(c)
	if err != nil {
		return nil, err
	}
	r, err := rest.UnversionedRESTClientForConfigAndClient(c, client)
	if err != nil {
		return nil, err
	}
	return &connection{rest: r, host: c.Host, timeout: timeout}, nil
}

// get sends a request and hands the answer to read while it arrives. The error is one of the request, in
// the words of failure, or that of read.
func (c *connection) get(ctx context.Context, path, accept string, params map[string]string, read func(io.Reader) error) error {
	started := time.Now()
	asked, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := time.AfterFunc(c.timeout, func() { cancel(errSilent) })
	defer watch.Stop()
	r := c.rest.Get().AbsPath(path).SetHeader("Accept", accept).MaxRetries(maxRetries)
	for k, v := range params {
		r = r.Param(k, v)
	}
	body, err := r.Stream(asked)
	if err != nil {
		return c.failure(asked, err, time.Since(started))
	}
	defer body.Close() //nolint:errcheck // it was only read
	in := &answer{body: body, alive: func() { watch.Reset(c.timeout) }}
	err = read(in)
	if in.broken != nil {
		return c.failure(asked, in.broken, time.Since(started))
	}
	return err
}

// answer is a body that tells when something of it arrived, and remembers how it broke.
type answer struct {
	body   io.Reader
	alive  func()
	broken error // a failure of the connection, nil at the regular end
}

// Read reads from the body.
func (a *answer) Read(p []byte) (int, error) {
	n, err := a.body.Read(p)
	if n > 0 {
		a.alive()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		a.broken = err
	}
	return n, err
}
