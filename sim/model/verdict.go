package model

import (
	"net/http"
	"strconv"

	"github.com/netfate/netfate/sim/algebra"
)

// Outcome is what becomes of a connection.
type Outcome uint8

// The outcomes. Undetermined always comes with its reasons.
const (
	Denied Outcome = iota
	Undetermined
	Allowed
)

// String returns "denied", "undetermined" or "allowed".
func (o Outcome) String() string { return [...]string{"denied", "undetermined", "allowed"}[o] }

// Symptom is what the client sees.
type Symptom string

// The symptoms. An HTTP status is a symptom of its own, from Status.
const (
	Connected   Symptom = "connected"
	Timeout     Symptom = "timeout"
	Refused     Symptom = "connection refused"
	Reset       Symptom = "connection reset"
	TLSFailure  Symptom = "TLS failure"
	NoSuchHost  Symptom = "name does not resolve"
	UnknownSeen Symptom = "unknown"
	// GatewayError is what a gateway answers that does not reach a backend.
	GatewayError Symptom = "502, 503 or 504 from the gateway"
)

// Status returns the symptom of an HTTP status: "403 Forbidden".
func Status(code int) Symptom {
	if text := http.StatusText(code); text != "" {
		return Symptom(strconv.Itoa(code) + " " + text)
	}
	return Symptom(strconv.Itoa(code))
}

// Verdict is the answer to a flow, with its evidence.
type Verdict struct {
	Outcome  Outcome
	Symptom  Symptom
	Hops     []Hop    // in the order the traffic takes them; alternatives (backends, families) follow one another
	Blockers []Step   // every step that denies, over all hops
	Reasons  []Reason // why the outcome is undetermined
	Notes    []string // what routing did, in words
	Location string   // where a redirect sends the client, a URL; "" for none
	Routed   []Routed // for a request that routes send on: where to, and what becomes of each share
	Mirrored []Routed // for a request of which routes send copies: where to; no bearing on the outcome
}

// Routed is one share of a request that routes split over several backends.
type Routed struct {
	Name    string  // "ns/service:port", or a host outside the cluster
	Share   float64 // of 1
	Outcome Outcome
	Symptom Symptom
	Origin  Origin    // the backend's reference
	Request *Request  // as the route sends it on, with what its filters change; nil below layer 7
	Reached []Reached // the endpoints that may take the share; none where nothing does
	// Response is what routes change of the response's headers, in this order.
	Response []*HeaderChange
}

// Reached is an endpoint at which a share of requests may arrive.
type Reached struct {
	Endpoint int    // index into Model.Endpoints
	Port     uint16 // of the endpoint
}

// Hop is one real connection with its own addresses and identity.
type Hop struct {
	From, To    Party
	FromName    string // how From is shown
	ToName      string
	Families    []algebra.Family // the hop's verdict holds for these
	Protocol    algebra.Protocol
	Port        uint16
	Outcome     Outcome
	Symptom     Symptom // what the hop's client sees; "" where the outcome says it
	Request     string  // the request as it is on this hop, "GET http://host/path"; "" below layer 7
	Alternative bool    // one of several (backends, source addresses), not a further stretch
	Points      []PointTrace
}

// PointTrace is what one enforcement point did on a hop.
type PointTrace struct {
	Point    string // "egress of shop/cart"
	Outcome  Outcome
	Steps    []Step   // all that was considered, in order
	Reasons  []Reason // why it is undetermined
	Deciding int      // index into Steps of the one that decided, -1 for none
}

// StepKind says what kind of step a step is.
type StepKind uint8

// The kinds of step.
const (
	StepRule     StepKind = iota // a rule of a policy
	StepDefault                  // what follows where no rule matched
	StepImplicit                 // what the platform or the implementation does by itself
	StepRoute                    // routing: no such port, no backend
)

// Step is one thing considered at an enforcement point.
type Step struct {
	Kind    StepKind
	Point   string // the enforcement point it stood at
	Tier    string
	Action  Action
	Match   algebra.Tri // whether it matched; Maybe carries Reason
	Peer    algebra.Tri // for a rule: whether its peers match
	Traffic algebra.Tri // for a rule: whether its ports and protocols match
	Decides bool        // the outcome of the point follows from this step
	Why     string      // why it matched or did not, in words
	Reason  *Reason     // for a Maybe
	Rule    *Rule       // nil for what is not a rule
	Origin  Origin      // the rule, or the first isolating policy of a default
	Others  []Origin    // further policies that a default stands on
}
