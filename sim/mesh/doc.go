// Package mesh evaluates what a service mesh with a proxy beside each workload
// does with traffic: what the proxy of a client makes of it, and what the proxy
// of its destination accepts. It reads the model's neutral data and knows no API.
//
//	Client, Outbound ──► the hosts a client's proxy knows, its route, its TLS
//	Inbound          ──► mutual TLS, protocol and tokens at a destination
//
// Who may do what is not decided here but by the tiers of proxies (sim/l7).
//
// Files: view.go what is looked up; inbound.go, modes.go, tokens.go the
// destination; outbound.go, scope.go, hosts.go, destinations.go the client; paths.go paths;
// alike.go what clients and ports the proxies treat alike.
package mesh
