package probe

import (
	"crypto/rand"
	"encoding/hex"
)

// Identity is who an agent says it is.
type Identity struct {
	By       string // "namespace/name", or the snapshot's name of what it stands for
	Node     string
	Instance string // NewIdentity draws it
}

// NewIdentity returns the identity of a process. getenv is asked for what the pod's specification sets:
// NETFATE_ID, else POD_NAMESPACE and POD_NAME, and NODE_NAME.
func NewIdentity(getenv func(string) string) Identity {
	id := Identity{By: getenv("NETFATE_ID"), Node: getenv("NODE_NAME"), Instance: draw(8)}
	if ns, name := getenv("POD_NAMESPACE"), getenv("POD_NAME"); id.By == "" && name != "" {
		id.By = ns + "/" + name
	}
	return id
}

// draw returns n random bytes as text.
func draw(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails: crypto/rand
	return hex.EncodeToString(b)
}

// answer says who this is.
func (s *Server) answer(saw, over, nonce string) Answer {
	return Answer{
		Agent: Version, By: s.id.By, Node: s.id.Node, Instance: s.id.Instance, Saw: saw, Over: over, Nonce: nonce, Stalls: s.stalls.number(),
	}
}
