package observation

import "time"

// Version is the format's version, the "version" of the first line. Version 2 has the protocols ICMP and ICMPv6; what
// has version 1 is read as before.
const Version = 2

// Result is what became of a probe, judged by the content of the answer and never by a connect alone.
type Result string

// The results.
const (
	Connected    Result = "connected"    // the answer is that of a probe agent, or an echo reply, and carries the probe's nonce
	Refused      Result = "refused"      // the other side refused the connection (RST to SYN, ICMP port unreachable or prohibited)
	Reset        Result = "reset"        // the connection was accepted and then closed without an answer
	Timeout      Result = "timeout"      // nothing came back until the deadline
	TLSFailure   Result = "tls-failure"  // the TLS handshake failed
	HTTPStatus   Result = "http-status"  // an HTTP answer that is not of a probe agent; Record.Status has its code
	GRPCStatus   Result = "grpc-status"  // a gRPC answer that is not of a probe agent; Record.Status has its code
	Inconclusive Result = "inconclusive" // says nothing about the network; Record.Detail has the reason
)

// Results returns every result, in the order of their documentation.
func Results() []Result {
	return []Result{Connected, Refused, Reset, Timeout, TLSFailure, HTTPStatus, GRPCStatus, Inconclusive}
}

// The kinds of party.
const (
	KindPod     = "pod"     // ID is "namespace/name" of the snapshot
	KindNode    = "node"    // ID is the node's name
	KindAddress = "address" // Address alone counts
	KindHost    = "host"    // ID is a host name; as a source, the machine that netfate runs on
	KindService = "service" // ID is "namespace/name"
)

// Pings tells whether a protocol is one of echo requests.
func Pings(protocol string) bool { return protocol == ICMP || protocol == ICMPv6 }

// Ping tells whether the flow is an echo request.
func (f *Flow) Ping() bool { return Pings(f.Protocol) }

// Party is one end of a flow.
type Party struct {
	Kind    string `json:"kind"`
	ID      string `json:"id,omitempty"`
	Address string `json:"address,omitempty"` // the address that was used, where one is known
}

// String returns "kind id", or the address where there is no ID.
func (p Party) String() string {
	if p.ID == "" {
		return p.Kind + " " + p.Address
	}
	return p.Kind + " " + p.ID
}

// Request is what a probe says at layer 7. The zero Scheme is "http", the zero Method GET, the zero Path "/".
type Request struct {
	Scheme  string            `json:"scheme,omitempty"` // "http", "http2" (without TLS), "https", "grpc"
	Method  string            `json:"method,omitempty"`
	Host    string            `json:"host,omitempty"`
	Path    string            `json:"path,omitempty"` // with the query, if any; of gRPC "/package.Service/Method"
	Headers map[string]string `json:"headers,omitempty"`
	TLS     bool              `json:"tls,omitempty"` // over TLS, whatever the scheme says
}

// The protocols of a flow. ICMP (of IPv4) and ICMPv6 stand for an echo request, which its kernel answers and no agent.
const (
	TCP    = "TCP"
	UDP    = "UDP"
	SCTP   = "SCTP"
	ICMP   = "ICMP"
	ICMPv6 = "ICMPv6"
)

// Flow is what was probed.
type Flow struct {
	From     Party    `json:"from"`
	To       Party    `json:"to"`
	Protocol string   `json:"protocol"` // one of those above
	Port     uint16   `json:"port"`     // as addressed: a Service's own port where To is one; 0 for ICMP and ICMPv6
	Request  *Request `json:"request,omitempty"`
}

// What controls said of a flow: the same probe without any policy, before and after.
const (
	ControlOK           = "ok"
	ControlFailedBefore = "failed before"
	ControlFailedAfter  = "failed after"
	ControlNone         = "none" // no control was made, such as in a cluster whose policies are not ours to remove
)

// The phases of an observation.
const (
	PhaseControl = "control" // without the policies
	PhasePolicy  = "policy"  // with them
)

// Record is one observed flow.
type Record struct {
	Flow     Flow      `json:"flow"`
	Result   Result    `json:"result"`
	By       string    `json:"by,omitempty"`     // who answered ("namespace/name"), "" if nobody or not an agent
	Saw      string    `json:"saw,omitempty"`    // source address that the answerer saw
	Status   int       `json:"status,omitempty"` // HTTP or gRPC status where Result says so
	Detail   string    `json:"detail,omitempty"` // error text, or the reason why it is inconclusive
	Started  time.Time `json:"started"`
	Ended    time.Time `json:"ended"`
	Attempts int       `json:"attempts"`
	Control  string    `json:"control"`
	Phase    string    `json:"phase"`
	// Instance tells the runs of one agent apart: it changes when the agent that answered was restarted.
	Instance string `json:"instance,omitempty"`
}

// Header is a file's first line.
type Header struct {
	Version  int       `json:"version"`
	Tool     string    `json:"tool"` // netfate and its version
	Started  time.Time `json:"started"`
	Cluster  Facts     `json:"cluster"`
	Snapshot string    `json:"snapshot,omitempty"` // "sha256:" and the digest of the snapshot that was applied
	Note     string    `json:"note,omitempty"`
}

// Facts say what the cluster was.
type Facts struct {
	Kubernetes     string            `json:"kubernetes"`
	Network        string            `json:"network"` // the installer's or the profile's name, such as "cilium"
	NetworkVersion string            `json:"networkVersion,omitempty"`
	Mesh           string            `json:"mesh,omitempty"` // "none": the cluster was looked at and has none
	MeshVersion    string            `json:"meshVersion,omitempty"`
	Gateways       map[string]string `json:"gateways,omitempty"` // name to version
	Flags          map[string]string `json:"flags,omitempty"`    // settings that decide verdicts
	Nodes          []string          `json:"nodes,omitempty"`
	Provider       string            `json:"provider,omitempty"` // "kind", "kubeconfig"
}
