package control

import (
	"net/netip"
	"slices"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/probe"
)

// Target is an end of flows as it is in the cluster.
type Target struct {
	// ID is who answers there: what the agent's Answer.By says, such as "namespace/name" of the snapshot. An
	// answer of somebody else is inconclusive. Empty: whoever answers counts (a Service, an address).
	ID string
	// Namespace, Pod and Container are where an agent can be told to probe; Pod is empty where none can.
	Namespace, Pod, Container string
	// Addresses to probe; the first one counts where the flow names none of them.
	Addresses []netip.Addr
	// Agent tells that an agent serves at the addresses. What nobody serves cannot be told from what is denied.
	Agent bool
	// Self is where the agent's pod reaches its own agent, 127.0.0.1 if not valid.
	Self netip.Addr
	// Behind, of a Service, returns the agents behind one of its ports, as far as they are known.
	Behind func(protocol string, port uint16) []Backend
}

// Backend is an agent behind a Service, with the port that it is sent to.
type Backend struct {
	Target
	Port uint16
}

// Resolver finds an end in the cluster. Its error says why there is none; the flow is inconclusive then.
type Resolver func(observation.Party) (Target, error)

// place is where a session runs.
type place struct{ namespace, pod, container string }

func (t *Target) place() place { return place{t.Namespace, t.Pod, t.Container} }

// String returns "namespace/pod", as messages have it.
func (p place) String() string { return p.namespace + "/" + p.pod }

// self returns the address of its own.
func (t *Target) self() string {
	if t.Self.IsValid() {
		return t.Self.String()
	}
	return "127.0.0.1"
}

// address returns the address to probe: the flow's if the target has it, else the first that its protocol has.
func (t *Target) address(wanted, protocol string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(wanted); err == nil && slices.Contains(t.Addresses, a) {
		return a, true
	}
	for _, a := range t.Addresses {
		if protocol == probe.ICMP && !a.Is4() || protocol == probe.ICMPv6 && a.Is4() {
			continue
		}
		return a, true
	}
	return netip.Addr{}, false
}

// agents returns whose vital signs a flow to here depends on: its own pod's, or those behind it.
func (t *Target) agents(f observation.Flow) []Backend {
	switch {
	case t.Agent && t.Pod != "":
		return []Backend{{Target: *t, Port: f.Port}}
	case t.Behind != nil:
		return t.Behind(f.Protocol, f.Port)
	}
	return nil
}

// is tells whether an answer is of who was asked. A kernel does not say who it is: an echo reply comes from the address,
// and the vital signs tell whose that is.
func (t *Target) is(by string, f observation.Flow) bool {
	if f.Ping() {
		return true
	}
	if t.ID != "" {
		return by == t.ID
	}
	agents := t.agents(f)
	return len(agents) == 0 || slices.ContainsFunc(agents, func(b Backend) bool { return b.ID == "" || b.ID == by })
}
