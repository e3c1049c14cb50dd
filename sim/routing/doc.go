// Package routing turns a flow into the connections it makes on the wire:
// before any policy looks at it, a flow to a Service becomes flows to the
// Service's backends, one to a node's port may become the same, and one to an
// address becomes one to whatever owns that address.
//
//	Flow ──► Expand ──► Route: targets, or a step that says why there are none
//
// The rules are those of kube-proxy's iptables mode (pkg/proxy in Kubernetes),
// which implementations that replace it follow; where they are known to differ
// a [Target] says so (SNAT) or a note does. Endpoints of Services follow the
// endpoint slice controller: ready pods that the selector chooses, a named
// target port looked up on each of them.
//
// Files: index.go lookups; backends.go which pods stand behind a Service;
// expand.go the dispatch on the destination; service.go, external.go, node.go
// one way in each; host.go names.
package routing
