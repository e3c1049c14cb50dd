package istio

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	"google.golang.org/protobuf/types/known/structpb"
)

// conn is a connection as Envoy sees it arrive at a workload, and the request on it.
type conn struct {
	peer, local netip.Addr
	remote      netip.Addr // of the client, as forwarding headers tell
	port        uint16
	tls         bool // of the mesh, unless opaque
	opaque      bool // the TLS is the client's own, and passes through
	alpn        []string
	sni         string
	identity    string // "spiffe://..." of the peer's certificate
	request     *request
	metadata    map[string]*structpb.Struct // that filters write, by filter
}

// request is an HTTP request.
type request struct {
	method, authority string
	path              string // with query
	headers           map[string]string
	token             *token
}

// chainFor returns the filter chain that takes a connection, nil for none: the
// most specific at each step, in Envoy's order, without going back (Envoy's
// FilterChainMatch).
func chainFor(l *listenerv3.Listener, c *conn) (*listenerv3.FilterChain, error) {
	for _, fc := range l.GetFilterChains() {
		if err := knownMatch(fc.GetFilterChainMatch()); err != nil {
			return nil, err
		}
	}
	chains := narrow(l.GetFilterChains(), func(m *listenerv3.FilterChainMatch) (bool, bool) {
		return m.GetDestinationPort() != nil, m.GetDestinationPort().GetValue() == uint32(c.port)
	})
	chains = narrow(chains, func(m *listenerv3.FilterChainMatch) (bool, bool) {
		return len(m.GetServerNames()) > 0, slices.Contains(m.GetServerNames(), c.sni)
	})
	chains = narrow(chains, func(m *listenerv3.FilterChainMatch) (bool, bool) {
		return m.GetTransportProtocol() != "", m.GetTransportProtocol() == c.transport()
	})
	chains = narrowProtocols(chains, c.protocols())
	switch len(chains) {
	case 0:
		return nil, nil
	case 1:
		return chains[0], nil
	}
	return nil, fmt.Errorf("%d filter chains take the same connection", len(chains))
}

// narrow keeps the chains that ask for the connection's value, or where there are
// none those that do not ask.
func narrow(chains []*listenerv3.FilterChain, ask func(*listenerv3.FilterChainMatch) (asks, matches bool)) []*listenerv3.FilterChain {
	var exact, open []*listenerv3.FilterChain
	for _, fc := range chains {
		asks, matches := ask(fc.GetFilterChainMatch())
		switch {
		case !asks:
			open = append(open, fc)
		case matches:
			exact = append(exact, fc)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return open
}

// narrowProtocols keeps the chains for the first of the connection's protocols that
// any asks for, or where there is none those that do not ask.
func narrowProtocols(chains []*listenerv3.FilterChain, protocols []string) []*listenerv3.FilterChain {
	for _, p := range protocols {
		if with := slices.DeleteFunc(slices.Clone(chains), func(fc *listenerv3.FilterChain) bool {
			return !slices.Contains(fc.GetFilterChainMatch().GetApplicationProtocols(), p)
		}); len(with) > 0 {
			return with
		}
	}
	return slices.DeleteFunc(slices.Clone(chains), func(fc *listenerv3.FilterChain) bool {
		return len(fc.GetFilterChainMatch().GetApplicationProtocols()) > 0
	})
}

// knownMatch refuses criteria that are not evaluated here.
func knownMatch(m *listenerv3.FilterChainMatch) error {
	if slices.ContainsFunc(m.GetServerNames(), func(n string) bool { return strings.Contains(n, "*") }) {
		return fmt.Errorf("a filter chain asks for server names by wildcard: %v", m)
	}
	if len(m.GetPrefixRanges())+len(m.GetSourcePrefixRanges())+len(m.GetSourcePorts())+
		len(m.GetDirectSourcePrefixRanges()) > 0 || m.GetSourceType() != listenerv3.FilterChainMatch_ANY || m.GetAddressSuffix() != "" {
		return fmt.Errorf("a filter chain asks for more than port and protocols: %v", m)
	}
	return nil
}

// transport is what the TLS inspector says.
func (c *conn) transport() string {
	if c.tls {
		return "tls"
	}
	return "raw_buffer"
}

// protocols are those of the handshake, or what the HTTP inspector says.
func (c *conn) protocols() []string {
	switch {
	case c.tls:
		return c.alpn
	case c.request != nil:
		return []string{"http/1.1"}
	}
	return nil
}
