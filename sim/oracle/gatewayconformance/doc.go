// Package gatewayconformance replays the conformance suite of the Gateway API
// (sigs.k8s.io/gateway-api/conformance v1.6.3) against netfate.
//
// The suite believes that it runs against a cluster. What it applies goes to a
// store without machines ([Cluster]); what it reads back carries the status that
// netfate computes of exactly the objects in the store; and what it sends is
// answered with netfate's verdict:
//
//	suite ──apply──► store ──manifests──► netfate ──status──► what the suite reads
//	  └──request, call, connection, command in a pod──► Flow ──► Verdict ──► answer
//
// HTTP requests and remote procedure calls go through the suite's own round tripper
// and gRPC client, which are replaced. Requests inside the mesh are commands that the
// suite runs in pods; an API server for these, for logs and for a few lists listens at
// a port of this machine. TCP, TLS and UDP the suite dials by itself: the addresses of
// the gateways are loopback addresses at which the harness listens.
//
// Nothing is answered from an expectation. The harness itself plays what is no part of
// netfate's verdicts: the controllers that start pods and allocate addresses, the
// programs of the suite's images, the certificates that end a handshake, and whose turn
// it is among the shares of a split, which is dealt as the computed shares say.
package gatewayconformance
