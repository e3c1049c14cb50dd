package live

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestClose: what stays in a cluster is said with how to remove it, and an interruption does not stop the removal.
func TestClose(t *testing.T) {
	for _, tt := range []struct {
		name  string
		stop  bool
		fails error
		want  []string
	}{
		{"as usual", false, nil, []string{"removing what was made in netfate-x"}},
		{"interrupted", true, nil, []string{"removing what was made in netfate-x; interrupted again it stays, and netfate live clean removes it"}},
		{"it fails", true, errors.New("stuck"), []string{"removing", "something stays in netfate-x: stuck; netfate live clean removes it"}},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		if tt.stop {
			cancel()
		}
		var said []string
		p := &Place{Name: "netfate-x", say: func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }}
		p.close = append(p.close, func(ctx context.Context) error { return errors.Join(ctx.Err(), tt.fails) })
		err := p.Close(ctx)
		cancel()
		if !errors.Is(err, tt.fails) || len(said) != len(tt.want) {
			t.Errorf("%s: %v, said %q", tt.name, err, said)
			continue
		}
		for i := range said {
			if !strings.HasPrefix(said[i], tt.want[i]) {
				t.Errorf("%s: said %q, want %q", tt.name, said[i], tt.want[i])
			}
		}
	}
}
