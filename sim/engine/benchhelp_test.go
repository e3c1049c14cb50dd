package engine_test

import (
	"math/rand/v2"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
)

func port9090() algebra.Set { return algebra.Ports(algebra.TCP, 9090, 9090) }

// questions returns connections between endpoints, half of them within a namespace.
func questions(m *model.Model, n int) []engine.Question {
	r := rand.New(rand.NewPCG(1, 1))
	out := make([]engine.Question, n)
	for i := range out {
		from := r.IntN(len(m.Endpoints))
		to := r.IntN(len(m.Endpoints))
		if i%2 == 0 {
			to = min(len(m.Endpoints)-1, from+r.IntN(50))
		}
		out[i] = engine.Question{From: endpoint(from), To: endpoint(to), Family: algebra.IPv4, Protocol: algebra.TCP,
			Port: []uint16{80, 8080, 9090, 443}[r.IntN(4)]}
	}
	return out
}
