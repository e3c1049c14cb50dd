package diff

import (
	"cmp"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

// request is an observed request as the simulator asks it; nil for none.
func request(r *observation.Request) *model.Request {
	if r == nil {
		return nil
	}
	out := &model.Request{Method: strings.ToUpper(r.Method), Scheme: r.Scheme, Host: strings.ToLower(r.Host)}
	if r.Scheme == "http2" {
		out.Scheme = "http"
	}
	if host, port, err := net.SplitHostPort(out.Host); err == nil {
		if n, err := strconv.ParseUint(port, 10, 16); err == nil {
			out.Host, out.HostPort = host, uint16(n)
		}
	}
	path, query, _ := strings.Cut(r.Path, "?")
	out.Path = path
	for pair := range strings.SplitSeq(query, "&") {
		if key, value, _ := strings.Cut(pair, "="); key != "" {
			if out.Query == nil {
				out.Query = map[string]string{}
			}
			if _, seen := out.Query[key]; !seen {
				out.Query[key] = value
			}
		}
	}
	for name, value := range r.Headers {
		if out.Headers == nil {
			out.Headers = map[string]string{}
		}
		out.Headers[strings.ToLower(name)] = value
	}
	return out
}

// RequestText returns a request as records of cases have it: "POST
// grpc://host/path", then its headers as name=value in order.
func RequestText(r *observation.Request) string {
	text := cmp.Or(r.Method, "GET") + " " + cmp.Or(r.Scheme, "http") + "://" + r.Host + cmp.Or(r.Path, "/")
	for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
		text += " " + name + "=" + r.Headers[name]
	}
	return text
}
