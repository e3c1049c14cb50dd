package gatewayconformance

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/netfate/netfate/sim/model"
)

// program is what one of the suite's images does at a pod's ports
// (conformance/echo-basic, and Istio's echo that echo-advanced is).
type program struct {
	http, https, h2c, grpc, tcp, tls, udp, dns []uint16
	httpPort                                   string // what echo-basic says of itself
}

// echo is a request as a backend saw it.
type echo struct {
	pod      *corev1.Pod
	port     uint16
	request  *model.Request // nil: a stream
	httpPort string
	program  *program
}

// path is the request's target, with the query as the client wrote it.
func (e *echo) path(query string) string {
	if query == "" {
		return e.request.Path
	}
	return e.request.Path + "?" + query
}

// service is what the program believes its Service to be.
func (e *echo) service() string {
	for _, v := range e.pod.Spec.Containers[0].Env {
		if v.Name == "SERVICE_NAME" {
			return v.Value
		}
	}
	return ""
}

// target is what a request asks for, path and query.
func target(r *model.Request) string {
	if len(r.Query) == 0 {
		return r.Path
	}
	q := url.Values{}
	for k, v := range r.Query {
		q.Set(k, v)
	}
	return r.Path + "?" + q.Encode()
}

// programOf reads a pod's only container.
func programOf(pod *corev1.Pod) *program {
	p := &program{}
	if len(pod.Spec.Containers) == 0 {
		return p
	}
	k := &pod.Spec.Containers[0]
	switch {
	case strings.Contains(k.Image, "echo-advanced"):
		return advanced(k.Args)
	case strings.Contains(k.Image, "coredns"):
		p.dns = []uint16{53}
		return p
	}
	env := map[string]string{}
	for _, e := range k.Env {
		env[e.Name] = e.Value
	}
	port := func(name string, otherwise uint16) []uint16 {
		if n, err := strconv.ParseUint(env[name], 10, 16); err == nil {
			return []uint16{uint16(n)}
		}
		return []uint16{otherwise}
	}
	switch {
	case env["GRPC_ECHO_SERVER"] != "":
		p.grpc = port("GRPC_PORT", 3000)
	case env["TCP_ECHO_SERVER"] != "":
		p.tcp = port("TCP_PORT", 3000)
		if env["TLS_SERVER_CERT"] != "" {
			p.tls = port("TLS_PORT", 8443)
		}
	case env["UDP_ECHO_SERVER"] != "":
		p.udp = port("UDP_PORT", 8080)
	default:
		p.http, p.h2c = port("HTTP_PORT", 3000), port("H2C_PORT", 3001)
		p.httpPort = fmt.Sprint(p.http[0])
		if env["TLS_SERVER_CERT"] != "" {
			p.https = port("HTTPS_PORT", 8443)
		}
	}
	return p
}

// advanced reads the arguments of echo-advanced.
func advanced(args []string) *program {
	p := &program{}
	for _, a := range args {
		name, value, _ := strings.Cut(strings.TrimLeft(a, "-"), "=")
		n, err := strconv.ParseUint(value, 10, 16)
		if err != nil {
			continue
		}
		list := map[string]*[]uint16{"port": &p.http, "tls": &p.https, "grpc": &p.grpc, "tcp": &p.tcp}[name]
		if list != nil {
			*list = append(*list, uint16(n))
		}
	}
	p.http = slices.DeleteFunc(p.http, func(n uint16) bool { return slices.Contains(p.https, n) })
	return p
}

// run is what a pod's program answers at a port; the lock is held.
func (c *Cluster) run(pod *corev1.Pod, port uint16, r *model.Request) (*answer, error) {
	p := programOf(pod)
	e := &echo{pod: pod, port: port, request: r, program: p, httpPort: p.httpPort}
	switch {
	case r == nil, slices.Contains(slices.Concat(p.tcp, p.tls, p.udp, p.dns), port):
		return &answer{status: 200, echo: e}, nil
	case !slices.Contains(slices.Concat(p.http, p.h2c, p.https, p.grpc), port):
		return &answer{status: 503}, nil // the router's connection is refused
	}
	if code, ok := strings.CutPrefix(r.Path, "/status/"); ok && len(p.http) > 0 && p.httpPort != "" {
		if n, err := strconv.Atoi(code); err == nil {
			return &answer{status: n}, nil
		}
	}
	c.log(pod, target(r))
	set := map[string]string{}
	for _, pair := range strings.Split(r.Headers["x-echo-set-header"], ",") {
		if name, value, ok := strings.Cut(strings.TrimSpace(pair), ":"); ok {
			set[strings.ToLower(name)] = value
		}
	}
	return &answer{status: 200, echo: e, headers: set}, nil
}

// log writes the line that the suite looks for in an echo server's log.
func (c *Cluster) log(pod *corev1.Pod, target string) {
	k := types.NamespacedName{Namespace: pod.Namespace, Name: pod.Name}
	c.echoed[k] = append(c.echoed[k], "Echoing back request made to "+target+" to client (127.0.0.1:1)")
}
