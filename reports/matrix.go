package reports

import (
	"iter"
	"strconv"

	"github.com/netfate/netfate/sim"
)

// MatrixLines are the lines of a matrix in order.
type MatrixLines = iter.Seq[sim.Line]

// bufferSize is what a reporter collects before it writes.
const bufferSize = 64 << 10

// otherProtocols is all protocols but TCP, UDP and SCTP.
const otherProtocols = "other protocols"

// Words returns connections in words for people: the ports, then the other
// protocols that the ports do not imply.
func Words(c *sim.Connections) string {
	other := c.Other
	if other == "all" {
		other = otherProtocols
	}
	switch {
	case other == "":
		return c.Ports
	case c.Ports == "none":
		return other
	}
	return c.Ports + "; " + other
}

// peerName returns a peer for people: its ID and kind, and for a class how many
// more endpoints it stands for.
func peerName(p *sim.Peer, classes bool) string {
	s := p.ID
	if !p.IsExternal() {
		s += " [" + p.Kind + "]"
	}
	if more := len(p.Endpoints) - 1; classes && more > 0 {
		s += " and " + strconv.Itoa(more) + " more"
	}
	return s
}
