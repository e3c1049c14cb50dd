package control

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/netfate/netfate/clusters/observation"
)

var scale = flag.Int("scale", 0, "agents of TestScale: processes on loopback addresses, all pairs, two ports")

// processes runs sessions as processes, as exec does in pods.
type processes struct{ binary string }

func (p processes) Session(ctx context.Context, _, _, _ string, in io.Reader, out io.Writer) error {
	cmd := exec.CommandContext(ctx, p.binary, "session")
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	go func() { _, _ = io.Copy(stdin, in); _ = stdin.Close() }()
	return cmd.Run()
}

// TestScale measures all pairs of many agents that are processes of their own, with controls: "go test -run
// TestScale -scale 200".
func TestScale(t *testing.T) {
	if *scale == 0 {
		t.Skip("not run: it takes minutes; run it with -scale 200")
	}
	binary := filepath.Join(t.TempDir(), "netfate-probe")
	build := exec.Command("go", "build", "-o", binary, "../../cmd/netfate-probe")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	p := &pods{t: t, at: map[string]netip.Addr{}, ports: freePorts(t, 2)}
	ports := fmt.Sprintf("--tcp=%d,%d", p.ports[0], p.ports[1])
	for i := range *scale {
		name := fmt.Sprintf("p%d", i)
		p.at[name] = netip.AddrFrom4([4]byte{127, 1, byte(i / 200), byte(1 + i%200)})
		cmd := exec.Command(binary, "serve", "--address="+p.at[name].String(), ports)
		cmd.Env = append(os.Environ(), "NETFATE_ID=a/"+name)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	}
	ctl := New(processes{binary}, Options{})
	defer ctl.Close()
	flows := allPairs(p)
	for _, round := range []string{"with new sessions", "again"} {
		began := time.Now()
		records, err := ctl.Probe(t.Context(), flows, p.resolve)
		if err != nil {
			t.Fatal(err)
		}
		count := map[observation.Result]int{}
		retried := 0
		for _, r := range records {
			if count[r.Result]++; r.Attempts > 1 {
				retried++
			}
			if r.Result == observation.Inconclusive && count[r.Result] < 5 {
				t.Log(r)
			}
		}
		t.Logf("%s: %d flows in %s: %v, %d of them tried more than once", round, len(flows), time.Since(began).Round(100*time.Millisecond), count, retried)
	}
}
