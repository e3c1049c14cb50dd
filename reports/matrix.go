package reports

import (
	"iter"
	"strconv"
	"strings"

	"github.com/netfate/netfate/sim"
)

// MatrixLines are the lines of a matrix in order.
type MatrixLines = iter.Seq[sim.Line]

// bufferSize is what a reporter collects before it writes.
const bufferSize = 64 << 10

// otherProtocols is all protocols but TCP, UDP and SCTP.
const otherProtocols = "other protocols"

// Words returns connections in words for people: the ports, then the other
// protocols that the ports do not imply, then what gets through of the rest:
// "UDP 53; TCP 8080: GET /api/*; 403 otherwise".
func Words(c *sim.Connections) string {
	if len(c.Requests) == 0 {
		return portWords(c)
	}
	var parts []string
	if s := portWords(c.Whole); s != "none" {
		parts = append(parts, s)
	}
	return strings.Join(append(parts, requestsText(c)), "; ")
}

// portWords is Words without what gets through of connections.
func portWords(c *sim.Connections) string {
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

// requestsJSON is what proxies let in of some connections.
type requestsJSON struct {
	On           string `json:"on"`
	Gateway      string `json:"gateway,omitempty"`
	Listener     string `json:"listener,omitempty"`
	Allow        string `json:"allow"`
	Otherwise    string `json:"otherwise,omitempty"`
	Undetermined string `json:"undetermined,omitempty"`
}

func requestsOf(c *sim.Connections) []requestsJSON {
	var out []requestsJSON
	for i := range c.Requests {
		r := &c.Requests[i]
		out = append(out, requestsJSON{r.On(), r.Gateway, r.Listener, r.Allowed(), r.Otherwise(), r.Open()})
	}
	return out
}

// requestsText is what proxies let in of some connections in words, "" for nothing to say.
func requestsText(c *sim.Connections) string {
	var parts []string
	for i := range c.Requests {
		parts = append(parts, c.Requests[i].Place()+": "+c.Requests[i].Words())
	}
	return strings.Join(parts, "; ")
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
