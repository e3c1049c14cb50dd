package gatewayconformance

// turns deals the requests of one split to its shares, so that after any number
// of them each share has its part as exactly as whole requests can
// (smooth weighted round robin, as nginx and IPVS have it).
type turns struct{ credit []float64 }

// next returns the share whose turn it is.
func (t *turns) next(weights []float64) int {
	total, best := 0.0, 0
	for i, w := range weights {
		total += w
		t.credit[i] += w
		if w > 0 && (t.credit[i] > t.credit[best] || weights[best] == 0) {
			best = i
		}
	}
	t.credit[best] -= total
	return best
}

// turn is whose turn it is among the shares known by a key; the lock is held.
func (c *Cluster) turn(key string, weights []float64) int {
	t := c.picks[key]
	if t == nil || len(t.credit) != len(weights) {
		t = &turns{credit: make([]float64, len(weights))}
		c.picks[key] = t
	}
	return t.next(weights)
}
