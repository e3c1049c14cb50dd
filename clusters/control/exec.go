package control

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/remotecommand"
	"k8s.io/klog/v2"
	"k8s.io/streaming/pkg/httpstream"
)

// Binary is where the agent is in its image, and what is run in pods.
const Binary = "/netfate-probe"

// Exec opens sessions with exec over the API server: by WebSocket, and by SPDY where the server or a proxy
// on the way does not take that. It needs the permissions get of pods and create of pods/exec, and the
// verb get of pods/exec for WebSocket.
type Exec struct {
	config  *rest.Config
	client  rest.Interface
	command []string
}

// NewExec returns an opener for a cluster; binary is the agent's path in the containers, Binary if empty.
func NewExec(config *rest.Config, binary string) (*Exec, error) {
	if binary == "" {
		binary = Binary
	}
	return NewExecOf(config, binary, "session")
}

// NewExecOf returns an opener that runs another command than the agent's session.
func NewExecOf(config *rest.Config, command ...string) (*Exec, error) {
	c := rest.CopyConfig(config)
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	c.NegotiatedSerializer = serializer.NewCodecFactory(scheme).WithoutConversion()
	c.Timeout = 0 // a session lasts as long as it is used
	c.QPS = -1
	client, err := rest.UnversionedRESTClientFor(c)
	if err != nil {
		return nil, fmt.Errorf("cannot use the kubeconfig: %w", err)
	}
	return &Exec{config: c, client: client, command: command}, nil
}

// Session runs the agent's session, or the opener's command, in a container.
func (e *Exec) Session(ctx context.Context, namespace, pod, container string, in io.Reader, out io.Writer) error {
	r := e.client.Get().AbsPath("/api/v1/namespaces", namespace, "pods", pod, "exec").
		Param("stdin", "true").Param("stdout", "true").Param("stderr", "true").Param("container", container)
	for _, word := range e.command {
		r = r.Param("command", word)
	}
	ws, err := remotecommand.NewWebSocketExecutor(e.config, http.MethodGet, r.URL().String())
	if err != nil {
		return fmt.Errorf("cannot exec: %w", err)
	}
	spdy, err := remotecommand.NewSPDYExecutor(e.config, http.MethodPost, r.URL())
	if err != nil {
		return fmt.Errorf("cannot exec: %w", err)
	}
	both, err := remotecommand.NewFallbackExecutor(ws, spdy, func(err error) bool {
		return httpstream.IsUpgradeFailure(err) || httpstream.IsHTTPSProxyError(err)
	})
	if err != nil {
		return err
	}
	said := &tail{}
	ctx = klog.NewContext(ctx, klog.Logger{}) // how a session ends is told by its error; the library would print it
	err = both.StreamWithContext(ctx, remotecommand.StreamOptions{Stdin: in, Stdout: out, Stderr: said})
	return execError(namespace, pod, e.command[0], err, said.String())
}

// ErrForbidden is wrapped where the API server does not permit exec: trying again does not help.
var ErrForbidden = errors.New("no permission")

// isForbidden tells a refusal of the API server: over SPDY its status comes as text alone.
func isForbidden(err error) bool {
	return apierrors.IsForbidden(err) || httpstream.IsUpgradeFailure(err) && strings.Contains(err.Error(), "403 Forbidden") ||
		strings.HasPrefix(err.Error(), "unable to upgrade connection: ") && strings.Contains(err.Error(), " is forbidden: ")
}

// execError says what a person can do.
func execError(namespace, pod, program string, err error, said string) error {
	switch {
	case err == nil:
		return nil
	case isForbidden(err):
		return fmt.Errorf("%w to exec into pods of namespace %s: a Role there needs the verbs create and get on pods/exec: %w", ErrForbidden, namespace, err)
	case strings.Contains(err.Error(), "executable file not found"), strings.Contains(err.Error(), "no such file or directory"):
		return fmt.Errorf("pod %s/%s has no %s: it needs the image that has it: %w", namespace, pod, strings.TrimPrefix(program, "/"), err)
	case said != "":
		return fmt.Errorf("exec in pod %s/%s: %w: %s", namespace, pod, err, said)
	}
	return fmt.Errorf("exec in pod %s/%s: %w", namespace, pod, err)
}

// tail keeps the end of what is written.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

// Write keeps the last 500 bytes.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b...)
	t.buf = t.buf[max(0, len(t.buf)-500):]
	return len(b), nil
}

// String returns it without space around.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.buf))
}
