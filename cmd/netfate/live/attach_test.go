package live

import (
	"fmt"
	"strings"
	"testing"
)

func TestAgentPorts(t *testing.T) {
	tcp, udp, err := agentPorts([]string{"8080", "53/udp", "443/TCP"})
	if got := fmt.Sprint(tcp, udp, err); got != "[8080 443] [53] <nil>" {
		t.Error(got)
	}
	for _, bad := range []string{"", "0", "65536", "80/sctp", "8o80", "80 "} {
		if _, _, err := agentPorts([]string{bad}); err == nil {
			t.Errorf("%q is taken for a port", bad)
		}
	}
}

// TestAttachAsksFirst: which cluster and whose pods are touched is never guessed.
func TestAttachAsksFirst(t *testing.T) {
	f := attachFlags{}
	for _, want := range []string{"--context", "-n NAMESPACE", "--probe-image"} {
		if err := f.check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %s: %v", want, err)
		}
		switch want {
		case "--context":
			f.files.Context = "staging"
		case "-n NAMESPACE":
			f.namespaces = []string{"shop"}
		}
	}
	if f.image = "i:1"; f.check() != nil {
		t.Error(f.check())
	}
}
