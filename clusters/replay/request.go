package replay

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netfate/netfate/clusters/observation"
)

// parseRequest reads "POST grpc://host/path name=value", the words of
// [diff.RequestText].
func parseRequest(words []string) (*observation.Request, error) {
	if len(words) < 2 {
		return nil, fmt.Errorf("want METHOD URL after the port, not %q", strings.Join(words, " "))
	}
	scheme, rest, ok := strings.Cut(words[1], "://")
	if !ok || !slices.Contains([]string{"http", "http2", "https", "grpc"}, scheme) {
		return nil, fmt.Errorf("%q: want a URL with the scheme http, http2, https or grpc", words[1])
	}
	r := &observation.Request{Method: words[0], Scheme: scheme, Path: "/"}
	r.Host = rest
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		r.Host, r.Path = rest[:i], rest[i:]
	}
	for _, w := range words[2:] {
		name, value, ok := strings.Cut(w, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("%q: want a header as NAME=VALUE", w)
		}
		if r.Headers == nil {
			r.Headers = map[string]string{}
		}
		r.Headers[name] = value
	}
	return r, nil
}
