// Package kind provides clusters of containers, through kind's own packages, on
// Docker, podman or nerdctl: what $KIND_EXPERIMENTAL_PROVIDER names, else the first
// of them that is there.
package kind
