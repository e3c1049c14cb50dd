package l7

import (
	"strconv"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// Location is where a request that arrived at a port is redirected to. The port
// that is the scheme's own is left out (Gateway API, HTTPRequestRedirectFilter.port).
func Location(r *model.Request, port uint16, to *model.Redirect) string {
	out := Apply(r, &to.Rewrite)
	scheme := "http"
	if secure := orElse(r.Scheme, "http"); strings.HasSuffix(secure, "s") {
		scheme = "https"
	}
	if to.Scheme != "" {
		scheme, port = to.Scheme, 0
	}
	if to.Port != 0 {
		port = to.Port
	}
	host := out.Host
	if own := wellKnown(scheme); port != 0 && port != own {
		host += ":" + strconv.Itoa(int(port))
	}
	return scheme + "://" + host + orElse(out.Path, "/")
}

func wellKnown(scheme string) uint16 {
	if scheme == "https" {
		return 443
	}
	return 80
}
