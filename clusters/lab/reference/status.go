package main

import (
	"encoding/json"
	"net/http"
	"sync/atomic"
)

// counters are what the agent has done since it started.
type counters struct {
	allowed, denied atomic.Uint64 // first packets of connections, by verdict
	unknown         atomic.Uint64 // of the denied and of the cut, those of a pod not known
	cut             atomic.Uint64 // connections that a change ended
	syncs           atomic.Uint64 // times that the connections were judged again
	ready           atomic.Bool   // rules are in place and the queue is served
}

// ServeHTTP answers with the counters as JSON; the status is 503 until the agent enforces.
func (c *counters) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if !c.ready.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{ // the peer has gone: nobody is left to tell
		"ready": c.ready.Load(), "allowed": c.allowed.Load(), "denied": c.denied.Load(),
		"unknownPod": c.unknown.Load(), "cut": c.cut.Load(), "syncs": c.syncs.Load(),
	})
}
