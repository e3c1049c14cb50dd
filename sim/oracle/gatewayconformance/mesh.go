package gatewayconformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/types"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// clientCommand is the command line of Istio's echo client, as the suite writes it.
type clientCommand struct {
	url     string
	method  string
	headers map[string]string
	count   int
}

func parseCommand(args []string) (clientCommand, error) {
	c := clientCommand{headers: map[string]string{}, count: 1}
	if len(args) < 2 || args[0] != "client" {
		return c, fmt.Errorf("unknown command %q", args)
	}
	c.url = args[1]
	for i := 2; i < len(args); i++ {
		switch name, value, _ := strings.Cut(args[i], "="); {
		case name == "--method":
			c.method = value
		case name == "--count":
			n, err := strconv.Atoi(value)
			if err != nil {
				return c, err
			}
			c.count = n
		case name == "-H" && i+1 < len(args):
			i++
			k, v, _ := strings.Cut(args[i], ":")
			c.headers[strings.ToLower(k)] = v
		default:
			return c, fmt.Errorf("unknown argument %q", args[i])
		}
	}
	return c, nil
}

// command runs a client in a pod: it asks netfate for each request from the pod,
// and writes what the client would.
func (c *Cluster) command(ctx context.Context, from types.NamespacedName, args []string) (string, error) {
	cmd, err := parseCommand(args)
	if err != nil {
		return "", err
	}
	call, err := sim.ParseCall(cmd.method, cmd.url)
	if err != nil {
		return "", err
	}
	if call.Request.Headers == nil {
		call.Request.Headers = map[string]string{}
	}
	for k, v := range cmd.headers {
		if k == "host" {
			setAuthority(call.Request, v)
			continue
		}
		call.Request.Headers[k] = v
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	a, err := c.ask(ctx)
	if err != nil {
		return "", err
	}
	source := slices.IndexFunc(a.sim.Model().Endpoints, func(e model.Endpoint) bool { return e.Namespace == from.Namespace && e.Name == from.Name })
	if source < 0 {
		return "", fmt.Errorf("netfate knows no pod %s", from)
	}
	f := a.sim.Flow(model.Party{Kind: model.PartyEndpoint, Index: source}, call)
	f.Families = []algebra.Family{algebra.IPv4}
	var out []string
	for n := range cmd.count {
		got, err := c.take(ctx, a.sim, f)
		if err != nil {
			return "", errors.Join(fmt.Errorf("request %d failed", n), err)
		}
		out = append(out, clientOutput(n, got))
	}
	return strings.Join(out, "\n\n") + "\n", nil
}

// clientOutput is what Istio's echo client prints of one response.
func clientOutput(n int, a *answer) string {
	lines := []string{fmt.Sprintf("[%d] StatusCode=%d", n, a.status)}
	if a.location != "" {
		lines = append(lines, fmt.Sprintf("[%d] ResponseHeader=Location:%s", n, a.location))
	}
	for k, v := range a.headers {
		lines = append(lines, fmt.Sprintf("[%d] ResponseHeader=%s:%s", n, http.CanonicalHeaderKey(k), v))
	}
	if a.echo != nil {
		r := a.echo.request
		lines = append(lines, fmt.Sprintf("[%d body] Host=%s", n, r.Authority()), fmt.Sprintf("[%d body] URL=%s", n, target(r)),
			fmt.Sprintf("[%d body] Method=%s", n, r.Method), fmt.Sprintf("[%d body] ServicePort=%d", n, a.echo.port),
			fmt.Sprintf("[%d body] Hostname=%s", n, a.echo.pod.Name))
		for k, v := range r.Headers {
			lines = append(lines, fmt.Sprintf("[%d body] RequestHeader=%s:%s", n, http.CanonicalHeaderKey(k), v))
		}
	}
	slices.Sort(lines[1:])
	return strings.Join(lines, "\n")
}
