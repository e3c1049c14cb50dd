package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
)

// TestEnforcement sends real packets between two network namespaces, the pods a and
// b, through a third one, the node, in which rules and queue are the agent's own.
func TestEnforcement(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("network namespaces need root")
	}
	c := newCluster(t)
	n := newNode(t)
	j := &judge{engine: c.engine("node-a"), pods: c.pods, networks: c.networks, count: &counters{}}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	changes, ended := make(chan struct{}), make(chan error, 1)
	n.in(n.node, func() {
		_, err := serve(ctx, j)
		n.must(err)
	})
	go n.in(n.node, func() { ended <- follow(ctx, j, changes) })
	for !j.count.ready.Load() {
		time.Sleep(10 * time.Millisecond)
	}
	n.expect("without policy", "tcp", true)
	n.expect("without policy", "udp", true)
	live := n.dial("tcp")
	n.alive("before the policy", live, true)

	change := func() {
		before := j.count.syncs.Load()
		changes <- struct{}{}
		for j.count.syncs.Load() == before {
			time.Sleep(10 * time.Millisecond)
		}
	}
	c.isolate()
	n.expect("isolated", "tcp", false)
	n.expect("isolated", "udp", false)
	n.alive("until the agent is told", live, true)
	change()
	n.alive("cut by the policy", live, false)
	if j.count.cut.Load() == 0 {
		t.Error("no connection was cut")
	}
	c.isolate("a")
	change()
	n.expect("allowed again", "tcp", true)
	n.expect("allowed again", "udp", true)
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	n.expect("with nobody to judge", "tcp", false)
	n.in(n.node, func() { c.must(uninstall()) })
	n.expect("uninstalled", "tcp", true)
}

// node is a network namespace that forwards between those of two pods.
type node struct {
	t          *testing.T
	node, a, b netns.NsHandle
}

func newNode(t *testing.T) *node {
	t.Helper()
	n := &node{t: t}
	for _, ns := range []*netns.NsHandle{&n.node, &n.a, &n.b} {
		done := make(chan error)
		go func() {
			runtime.LockOSThread() // and never unlocked: the thread ends with its namespace
			var err error
			*ns, err = netns.New()
			done <- err
		}()
		switch err := <-done; {
		case errors.Is(err, os.ErrPermission):
			t.Skip("this machine lets nobody make network namespaces")
		case err != nil:
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = ns.Close() })
	}
	n.in(n.node, func() {
		n.must(os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644))
		for i, pod := range []netns.NsHandle{n.a, n.b} {
			name := fmt.Sprintf("pod%d", i)
			n.must(netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: name}, PeerName: "eth0", PeerNamespace: netlink.NsFd(pod)}))
			n.address(name, fmt.Sprintf("10.244.%d.1/24", i))
		}
	})
	for i, pod := range []netns.NsHandle{n.a, n.b} {
		n.in(pod, func() {
			n.address("eth0", fmt.Sprintf("10.244.%d.2/24", i))
			n.must(netlink.RouteAdd(&netlink.Route{Gw: net.IPv4(10, 244, byte(i), 1)}))
		})
	}
	n.in(n.b, n.echo)
	return n
}

// in runs f in a network namespace.
func (n *node) in(ns netns.NsHandle, f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		n.must(netns.Set(ns))
		f()
	}()
	<-done
}

func (n *node) must(err error) {
	if err != nil {
		n.t.Error(err)
	}
}

func (n *node) address(link, address string) {
	l, err := netlink.LinkByName(link)
	if err != nil {
		n.t.Errorf("%s: %v", link, err)
		return
	}
	a, err := netlink.ParseAddr(address)
	n.must(err)
	n.must(netlink.AddrAdd(l, a))
	n.must(netlink.LinkSetUp(l))
}

// echo answers each message with "b:" before it.
func (n *node) echo() {
	l, err := net.Listen("tcp4", "10.244.1.2:8080")
	n.must(err)
	u, err := net.ListenPacket("udp4", "10.244.1.2:8080")
	n.must(err)
	n.t.Cleanup(func() { _, _ = l.Close(), u.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				b := make([]byte, 64)
				for {
					k, err := conn.Read(b)
					if err != nil {
						return
					}
					_, _ = fmt.Fprintf(conn, "b:%s", b[:k])
				}
			}()
		}
	}()
	go func() {
		b := make([]byte, 64)
		for {
			k, from, err := u.ReadFrom(b)
			if err != nil {
				return
			}
			_, _ = u.WriteTo([]byte("b:"+string(b[:k])), from)
		}
	}()
}

// dial opens a connection from a to b, nil if there is none within a second.
func (n *node) dial(network string) (conn net.Conn) {
	n.in(n.a, func() { conn, _ = net.DialTimeout(network+"4", "10.244.1.2:8080", time.Second) })
	if conn != nil {
		n.t.Cleanup(func() { _ = conn.Close() })
	}
	return conn
}

// answers tells whether b answers on a connection within a second.
func (n *node) answers(conn net.Conn) bool {
	if conn == nil {
		return false
	}
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	b := make([]byte, 64)
	if _, err := conn.Write([]byte("ping")); err != nil {
		return false
	}
	k, err := conn.Read(b)
	return err == nil && string(b[:k]) == "b:ping"
}

func (n *node) expect(when, network string, want bool) {
	n.t.Helper()
	if got := n.answers(n.dial(network)); got != want {
		n.t.Errorf("%s, %s: answered %t, want %t", when, network, got, want)
	}
}

func (n *node) alive(when string, conn net.Conn, want bool) {
	n.t.Helper()
	if got := n.answers(conn); got != want {
		n.t.Errorf("%s: the connection answers %t, want %t", when, got, want)
	}
}
