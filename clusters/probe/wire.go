package probe

import (
	"time"

	"github.com/netfate/netfate/clusters/observation"
)

// Version is that of the language between netfate and its agents, in both directions.
const Version = 1

// The protocols of a probe, as observation.Flow has them.
const (
	TCP    = observation.TCP
	UDP    = observation.UDP
	SCTP   = observation.SCTP
	ICMP   = observation.ICMP
	ICMPv6 = observation.ICMPv6
)

// Answer is what a server says to a probe.
type Answer struct {
	Agent    int    `json:"netfate"`  // Version
	By       string `json:"by"`       // who answers: "namespace/name" of the pod, or what it was told to be
	Node     string `json:"node"`     // the node it runs on, "" if it was not told
	Instance string `json:"instance"` // drawn at the start of the process
	Saw      string `json:"saw"`      // address and port that the probe came from
	Over     string `json:"over"`     // "tcp", "udp", "sctp", "http/1.1", "http/2", "grpc", with "+tls" over TLS
	Nonce    string `json:"nonce"`    // the probe's
	Stalls   int    `json:"stalls"`   // how often this process stood still for a second or more since it started
}

// Probe is one question: can this agent talk to that port.
type Probe struct {
	N        int                  `json:"n"`    // its number in the batch, repeated in the report
	To       string               `json:"to"`   // an address
	Port     uint16               `json:"port"` // 0 for ICMP and ICMPv6
	Protocol string               `json:"protocol"`
	Source   string               `json:"source,omitempty"`  // local address to send from, any if empty
	Request  *observation.Request `json:"request,omitempty"` // nil: the agent's own line over the bare protocol
}

// Batch is a line to an agent: probes and how to send them. Zero values have the defaults in brackets.
type Batch struct {
	Version  int     `json:"version"`
	ID       int     `json:"id"`
	Parallel int     `json:"parallel,omitempty"` // probes under way at a time (64)
	Timeout  int     `json:"timeout,omitempty"`  // of the first attempt in ms (1000); each further one has twice that of the one before
	Attempts int     `json:"attempts,omitempty"` // how often a probe is tried until it connects (2)
	Backoff  int     `json:"backoff,omitempty"`  // pause before the second attempt in ms (100), doubled for each further one
	Probes   []Probe `json:"probes,omitempty"`
}

// Report is a line from an agent: what became of one probe, or the end of a batch.
type Report struct {
	Batch    int                `json:"batch"`
	End      bool               `json:"end,omitempty"`   // the batch is finished; N is how many reports it had
	Error    string             `json:"error,omitempty"` // with End: the batch was refused, for this reason
	N        int                `json:"n"`
	Result   observation.Result `json:"result,omitempty"`
	By       string             `json:"by,omitempty"`
	Node     string             `json:"node,omitempty"`
	Instance string             `json:"instance,omitempty"`
	Saw      string             `json:"saw,omitempty"`
	Over     string             `json:"over,omitempty"`
	Status   int                `json:"status,omitempty"`
	Detail   string             `json:"detail,omitempty"`
	// Accepted tells that a connection was there before the result: who accepted it is not known.
	Accepted bool `json:"accepted,omitempty"`
	// Stalls is how often the agent that answered stood still since it started, with End how often this one did
	// since the session began, for a second or more each: probes time out by that.
	Stalls   int       `json:"stalls,omitempty"`
	Attempts int       `json:"attempts,omitempty"`
	Started  time.Time `json:"started,omitzero"`
	Ended    time.Time `json:"ended,omitzero"`
}

func (b Batch) withDefaults() Batch {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&b.Parallel, 64)
	def(&b.Timeout, 1000)
	def(&b.Attempts, 2)
	def(&b.Backoff, 100)
	return b
}
