package istio

import (
	"net/netip"
	"strings"

	hcmv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
)

// prepare is what a connection manager does before its filters: the client's
// address from forwarding headers, and the path's normal form.
func (e *envoy) prepare(h *hcmv3.HttpConnectionManager, c *conn) {
	if !h.GetUseRemoteAddress().GetValue() && h.GetXffNumTrustedHops() != 0 || len(h.GetOriginalIpDetectionExtensions()) > 0 || h.GetSkipXffAppend() ||
		h.GetStripPortMode() != nil || h.GetStripMatchingHostPort() {
		e.unknown("HTTP connection manager", h)
	}
	c.remote = c.peer
	if list, ok := c.request.headers["x-forwarded-for"]; ok {
		if a, found := forwarder(list, h); found {
			c.remote = a
		}
	}
	path, query := c.request.pathOnly(), c.request.path[len(c.request.pathOnly()):]
	switch h.GetPathWithEscapedSlashesAction() {
	case hcmv3.HttpConnectionManager_KEEP_UNCHANGED:
	case hcmv3.HttpConnectionManager_UNESCAPE_AND_FORWARD:
		path = strings.NewReplacer("%2F", "/", "%2f", "/", "%5C", `\`, "%5c", `\`).Replace(path)
	default:
		e.unknown("HTTP connection manager", h)
	}
	if h.GetNormalizePath().GetValue() {
		path = normalPath(path)
	}
	if h.GetMergeSlashes() {
		for strings.Contains(path, "//") {
			path = strings.ReplaceAll(path, "//", "/")
		}
	}
	c.request.path = path + query
}

// forwarder is the client's address in a forwarding header: of a gateway, which takes
// its peer's otherwise, that before as many as it trusts; of others the last one.
func forwarder(list string, h *hcmv3.HttpConnectionManager) (netip.Addr, bool) {
	skip := 0
	if h.GetUseRemoteAddress().GetValue() {
		if skip = int(h.GetXffNumTrustedHops()) - 1; skip < 0 {
			return netip.Addr{}, false
		}
	}
	for ; skip > 0; skip-- {
		i := strings.LastIndexByte(list, ',')
		if i < 0 {
			return netip.Addr{}, false
		}
		list = list[:i]
	}
	a, err := netip.ParseAddr(lastForwarded(list))
	return a, err == nil
}

// lastForwarded is the text after the last comma, if there is any after it
// (source/common/http/utility.cc getLastAddressFromXFF).
func lastForwarded(list string) string {
	if i := strings.LastIndexByte(list, ','); i >= 0 && i+1 < len(list) {
		list = list[i+1:]
	}
	return strings.TrimSpace(list)
}

// normalPath is RFC 3986 section 5.2.4 on a path where backslashes are slashes and
// %2e is a dot, by walking it: each segment is taken in turn.
func normalPath(path string) string {
	path = strings.ReplaceAll(path, `\`, "/")
	out := ""
	for rest := path; rest != ""; {
		seg := rest[1:]
		more := strings.IndexByte(seg, '/')
		if more >= 0 {
			seg, rest = seg[:more], seg[more:]
		} else {
			rest = ""
		}
		switch dots := strings.NewReplacer("%2e", ".", "%2E", ".").Replace(seg); {
		case dots == "..":
			out = out[:max(strings.LastIndexByte(out, '/'), 0)]
		case dots != ".":
			out += "/" + seg
			continue
		}
		if rest == "" {
			out += "/"
		}
	}
	return out
}
