package control

import (
	"sync"
	"time"
)

// rejoin is how long an agent that was restarted may take to be behind its Services again: its readiness goes from the
// kubelet to the API, from there to the EndpointSlice and then to every node's proxy, which refuses for a Service
// that has no ready endpoint (kube-proxy) or lets it time out.
const rejoin = 30 * time.Second

// newborns remember which agents were seen to be restarted.
type newborns struct {
	mu sync.Mutex
	at map[place]birth
}

// birth is an agent's process and, if another one was seen in its place before, when this one first was.
type birth struct {
	instance string
	since    time.Time
}

// note notes who serves at a place.
func (n *newborns) note(at place, instance string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	old, known := n.at[at]
	if old.instance == instance {
		return
	}
	b := birth{instance: instance}
	if known {
		b.since = time.Now()
	}
	n.at[at] = b
}

// young tells an agent that was restarted so lately that Services may not lead to it yet.
func (n *newborns) young(at place) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return time.Since(n.at[at].since) < rejoin
}

// forget forgets a place: who is there next is a pod of its own.
func (n *newborns) forget(at place) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.at, at)
}
