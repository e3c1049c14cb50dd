package probe

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/netfate/netfate/clusters/observation"
)

// foreignEnv makes the test's own program a server that is no agent: HTTP 403 for every request, gRPC status 7
// for every call.
const foreignEnv = "NETFATE_TEST_FOREIGN"

func TestMain(m *testing.M) {
	if addr := os.Getenv(foreignEnv); addr != "" {
		p := new(http.Protocols)
		p.SetHTTP1(true)
		p.SetUnencryptedHTTP2(true)
		srv := &http.Server{Addr: addr, Protocols: p, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.Header.Get("Content-Type"), grpcType) {
				w.Header().Set("Content-Type", grpcType)
				w.Header().Set("Grpc-Status", "7")
				w.Header().Set("Grpc-Message", "RBAC: access denied")
				return
			}
			http.Error(w, "RBAC: access denied", http.StatusForbidden)
		})}
		fmt.Fprintln(os.Stderr, srv.ListenAndServe())
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// bench is two network namespaces with a cable between them.
type bench struct {
	t              *testing.T
	client, server string // namespaces
	binary         string
}

const (
	clientAddr, serverAddr = "10.231.0.1", "10.231.0.2"
)

func newBench(t *testing.T) *bench {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("not run: network namespaces need root")
	}
	for _, tool := range []string{"ip", "iptables"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("not run: there is no %s on this machine", tool)
		}
	}
	b := &bench{t: t, client: fmt.Sprintf("netfate-c%d", os.Getpid()), server: fmt.Sprintf("netfate-s%d", os.Getpid())}
	t.Cleanup(func() {
		for _, ns := range []string{b.client, b.server} {
			_ = exec.Command("ip", "netns", "del", ns).Run()
		}
	})
	for _, ns := range []string{b.client, b.server} {
		if out, err := exec.Command("ip", "netns", "add", ns).CombinedOutput(); err != nil {
			t.Skipf("not run: this machine makes no network namespaces: %v %s", err, out)
		}
	}
	b.sh("ip netns exec %s sysctl -qw net.ipv4.icmp_ratelimit=0", b.server)
	b.sh("ip link add c0 netns %[1]s type veth peer name s0 netns %[2]s", b.client, b.server)
	for ns, end := range map[string][2]string{b.client: {"c0", clientAddr}, b.server: {"s0", serverAddr}} {
		b.sh("ip -n %s addr add %s/24 dev %s", ns, end[1], end[0])
		b.sh("ip -n %s link set %s up", ns, end[0])
		b.sh("ip -n %s link set lo up", ns)
	}
	if out, err := exec.Command("ip", "netns", "exec", b.server, "iptables", "-A", "INPUT", "-p", "icmp", "-j", "ACCEPT").CombinedOutput(); err != nil {
		t.Skipf("not run: iptables does not work in a namespace: %v %s", err, out)
	}
	b.binary = filepath.Join(t.TempDir(), "netfate-probe")
	build := exec.Command("go", "build", "-o", b.binary, "../../cmd/netfate-probe")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return b
}

func (b *bench) sh(format string, args ...any) {
	b.t.Helper()
	b.command(strings.Fields(fmt.Sprintf(format, args...))...)
}

func (b *bench) command(words ...string) {
	b.t.Helper()
	if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
		b.t.Fatalf("%v: %v: %s", words, err, out)
	}
}

func (b *bench) rule(format string, args ...any) {
	b.t.Helper()
	b.sh("ip netns exec %s iptables -A INPUT %s", b.server, fmt.Sprintf(format, args...))
}

// start runs a server in its namespace.
func (b *bench) start(env string, words ...string) {
	b.t.Helper()
	cmd := exec.Command("ip", append([]string{"netns", "exec", b.server}, words...)...)
	cmd.Env = append(os.Environ(), "NETFATE_ID=a/server", env)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
}

// probe runs a batch in the client's namespace, in a process of its own as in a pod.
func (b *bench) probe(batch Batch) []Report {
	b.t.Helper()
	batch.Version = Version
	text, err := json.Marshal(batch)
	if err != nil {
		b.t.Fatal(err)
	}
	cmd := exec.Command("ip", "netns", "exec", b.client, b.binary, "session")
	cmd.Stdin = bytes.NewReader(append(text, '\n'))
	out, err := cmd.Output()
	if err != nil {
		b.t.Fatal(err)
	}
	got := make([]Report, len(batch.Probes))
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var r Report
		if err := d.Decode(&r); errors.Is(err, io.EOF) {
			return got
		} else if err != nil {
			b.t.Fatal(err)
		}
		if !r.End {
			got[r.N] = r
		}
	}
}

// TestNetwork shows each result for each protocol on a real network: what the packets meet, and what the probe
// says of it.
func TestNetwork(t *testing.T) {
	const (
		open, drop, rst, closed, cut, mute, prohibited, unreachable, foreign = 8001, 8002, 8003, 8004, 8005, 8006, 8007, 8008, 8009
	)
	b := newBench(t)
	b.rule("-p tcp --dport %d -j DROP", drop)
	b.rule("-p udp --dport %d -j DROP", drop)
	b.rule("-p tcp --dport %d -j REJECT --reject-with tcp-reset", rst)
	b.rule("-p udp --dport %d -j REJECT --reject-with icmp-port-unreachable", rst)
	b.rule("-p tcp --dport %d --tcp-flags PSH PSH -j REJECT --reject-with tcp-reset", cut)
	b.rule("-p tcp --dport %d --tcp-flags PSH PSH -j DROP", mute)
	for _, p := range []string{"tcp", "udp"} {
		b.rule("-p %s --dport %d -j REJECT --reject-with icmp-admin-prohibited", p, prohibited)
		b.rule("-p %s --dport %d -j REJECT --reject-with icmp-host-unreachable", p, unreachable)
	}
	b.start("", b.binary, "serve", "--tcp=8001-8003,8005-8008", "--udp=8001-8003,8007-8008")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b.start(foreignEnv+"="+serverAddr+":8009", self)
	b.wait(open, foreign)
	speak := map[string]*observation.Request{
		"tcp": nil, "udp": nil, "http": {}, "http2": {Scheme: "http2"}, "grpc": {Scheme: "grpc"}, "https": {Scheme: "https"}, "grpc+tls": {Scheme: "grpc", TLS: true},
	}
	type want map[string]observation.Result
	all := func(r observation.Result) want {
		w := want{}
		for name := range speak {
			w[name] = r
		}
		return w
	}
	overTCP := func(r observation.Result) want { w := all(r); delete(w, "udp"); return w }
	for _, c := range []struct {
		name   string
		port   uint16
		want   want
		detail string
	}{
		{"open", open, all(observation.Connected), ""},
		{"dropped", drop, all(observation.Timeout), ""},
		{"rejected", rst, all(observation.Refused), ""},
		{"closed", closed, all(observation.Refused), ""},
		{"reset after the handshake", cut, overTCP(observation.Reset), ""},
		{"dropped after the handshake", mute, overTCP(observation.Timeout), ""},
		{"prohibited", prohibited, all(observation.Refused), "prohibited"},
		{"no such host, says a router", unreachable, overTCP(observation.Inconclusive), "no route to host"},
		{"another server", foreign, want{
			"tcp": observation.Inconclusive, "http": observation.HTTPStatus, "http2": observation.HTTPStatus, "grpc": observation.GRPCStatus, "https": observation.TLSFailure, "grpc+tls": observation.TLSFailure,
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var names []string
			var batch Batch
			for name := range c.want {
				proto := TCP
				if name == "udp" {
					proto = UDP
				}
				batch.Probes = append(batch.Probes, Probe{N: len(names), To: serverAddr, Port: c.port, Protocol: proto, Request: speak[name]})
				names = append(names, name)
			}
			batch.Timeout, batch.Attempts = 700, 2
			for i, r := range b.probe(batch) {
				if r.Result != c.want[names[i]] || !strings.Contains(r.Detail, c.detail) {
					t.Errorf("%s: %+v, want %s", names[i], r, c.want[names[i]])
				}
				if r.Result == observation.Connected && (r.By != "a/server" || r.Saw != clientAddr) {
					t.Errorf("%s: %+v", names[i], r)
				}
			}
		})
	}
}

// wait waits until servers answer.
func (b *bench) wait(open, foreign uint16) {
	b.t.Helper()
	for range 100 {
		r := b.probe(Batch{Attempts: 1, Timeout: 300, Probes: []Probe{
			{N: 0, To: serverAddr, Port: open, Protocol: TCP}, {N: 1, To: serverAddr, Port: foreign, Protocol: TCP, Request: &observation.Request{}},
		}})
		if r[0].Result == observation.Connected && r[1].Result == observation.HTTPStatus {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatal("the servers do not come up")
}
