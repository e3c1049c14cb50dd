package live

import (
	"fmt"
	"sync"
	"time"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
)

// steps tells on standard error what a long piece of work is at, a line each with
// the time since its beginning.
type steps struct {
	s     *cli.Streams
	began time.Time
	mu    sync.Mutex
	last  string
}

func newSteps(s *cli.Streams) *steps { return &steps{s: s, began: time.Now()} }

// say writes a line, unless it is the one before.
func (p *steps) say(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if text == p.last {
		return
	}
	p.last = text
	fmt.Fprintf(p.s.Err, "%6.1fs  %s\n", time.Since(p.began).Seconds(), text) //nolint:errcheck // nobody can be told
}

func (p *steps) sayf(format string, args ...any) { p.say(fmt.Sprintf(format, args...)) }
