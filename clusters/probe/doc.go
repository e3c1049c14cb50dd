// Package probe is the agent that netfate puts into clusters: what answers probes and what sends them.
//
//	netfate ── exec, JSON lines ──► agent as a client ── TCP, UDP, SCTP, HTTP, gRPC, TLS ──► agent as a server
//	                                (Run: attempts,                                          (Listen: one port
//	                                 deadlines, judgement)                                    speaks them all)
//	                                              └─ ICMP echo ──► the kernel of the other side
//
// A server answers each probe with an [Answer]: who it is, whom it saw, over what, and the probe's nonce. A
// client calls a probe connected only if such an answer with its own nonce came back. That a connection
// was accepted says nothing: proxies, load balancers and uplinks accept connections to what does not exist.
//
// Of ICMP and ICMPv6 it sends echo requests with the nonce, from sockets that need no privilege. Kernels answer those:
// connected then says that the reply brought the nonce back, and not who sent it.
//
// The package needs the standard library alone (net/http speaks HTTP/2 without TLS since Go 1.24, and a unary
// gRPC call is one length-prefixed message over it), so that the agent stays a small static program that
// starts in a pod from an empty image. It prints nothing; cmd/netfate-probe is its main.
//
// Reviewers should look for: an error that becomes refused, reset or timeout although the network did
// nothing (classify.go), and an answer that is taken for the agent's without its nonce.
package probe
