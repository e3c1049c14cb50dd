package model

import (
	"strings"

	"github.com/netfate/netfate/sim/algebra"
)

// String returns what a rule matches of connections: "TCP 80; port http (TCP)".
func (t *Traffic) String() string {
	if t.Any {
		return "every protocol and port"
	}
	var parts []string
	if !t.Conns.Empty() {
		parts = append(parts, ConnText(t.Conns))
	}
	for _, n := range t.Named {
		text := "port " + n.Name
		if n.HasProtocol {
			text += " (" + n.Protocol.String() + ")"
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, "; ")
}

// ConnText words connections; a family is named only where the two differ.
func ConnText(s algebra.Set) string {
	v4, v6 := algebra.FormatConns(s, algebra.IPv4), algebra.FormatConns(s, algebra.IPv6)
	switch {
	case v4 == v6 || v6 == "none":
		return v4
	case v4 == "none":
		return v6
	}
	return algebra.FormatConns(s, algebra.IPv4, algebra.IPv6)
}

// PortNames words the named ports of an endpoint: "api is TCP 8443, metrics is TCP 9090".
func PortNames(ports []NamedPort) string {
	var parts []string
	for _, p := range ports {
		if p.Name != "" {
			parts = append(parts, p.Name+" is "+PortText(p.Protocol, p.Port))
		}
	}
	return strings.Join(parts, ", ")
}
