package gatewayconformance

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// dataPlane answers the connections that the suite dials by itself, where nothing
// can be put in its way: TCP, TLS and UDP. It listens at the addresses of the
// gateways, which are ones of this machine, and does with each connection what
// netfate says becomes of it.
type dataPlane struct {
	cluster *Cluster
	mu      sync.Mutex
	sockets map[socket]func() error // how each is closed
	failed  map[socket]error        // that could not be opened
}

// socket is an address that a gateway listens at.
type socket struct {
	network string // "tcp" or "udp"
	at      netip.AddrPort
}

func newDataPlane(c *Cluster) *dataPlane {
	return &dataPlane{cluster: c, sockets: map[socket]func() error{}, failed: map[socket]error{}}
}

// follow opens and closes sockets so that there is one for each port of a gateway
// that the suite dials by itself.
func (p *dataPlane) follow(ctx context.Context) error {
	want, err := p.wanted(ctx)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for s, shut := range p.sockets {
		if !want[s] {
			delete(p.sockets, s)
			if err := shut(); err != nil {
				return err
			}
		}
	}
	for s := range want {
		if p.sockets[s] == nil && p.failed[s] == nil {
			// Told by notOpened, and to the test that dials it by its failure.
			if p.sockets[s], err = p.open(ctx, s); err != nil {
				delete(p.sockets, s)
				p.failed[s] = err
			}
		}
	}
	return nil
}

func (p *dataPlane) wanted(ctx context.Context) (map[socket]bool, error) {
	list := &gatewayv1.GatewayList{}
	if err := p.cluster.store.List(ctx, list); err != nil {
		return nil, err
	}
	out := map[socket]bool{}
	for i := range list.Items {
		g := &list.Items[i]
		service := &corev1.Service{}
		err := p.cluster.store.Get(ctx, types.NamespacedName{Namespace: g.Namespace, Name: providedName(g.Name)}, service)
		if missing(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		addr, err := netip.ParseAddr(service.Status.LoadBalancer.Ingress[0].IP)
		if err != nil {
			return nil, err
		}
		for _, l := range g.Spec.Listeners {
			network := map[gatewayv1.ProtocolType]string{gatewayv1.TCPProtocolType: "tcp", gatewayv1.TLSProtocolType: "tcp", gatewayv1.UDPProtocolType: "udp"}[l.Protocol]
			if network != "" {
				out[socket{network, netip.AddrPortFrom(addr, uint16(l.Port))}] = true
			}
		}
	}
	return out, nil
}

func (p *dataPlane) open(ctx context.Context, s socket) (func() error, error) {
	var config net.ListenConfig
	if s.network == "udp" {
		conn, err := config.ListenPacket(ctx, "udp", s.at.String())
		if err != nil {
			return nil, fmt.Errorf("listen on %s: %w", s.at, err)
		}
		go p.serveDatagrams(conn, s.at)
		return conn.Close, nil
	}
	l, err := config.Listen(ctx, "tcp", s.at.String())
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", s.at, err)
	}
	go p.serveConnections(l, s.at)
	return l.Close, nil
}

// notOpened returns why sockets could not be opened since it was last asked: ports
// below 1024 take a right, and some systems have one loopback address only.
func (p *dataPlane) notOpened() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []error
	for _, err := range p.failed {
		all = append(all, err)
	}
	p.failed = map[socket]error{}
	return errors.Join(all...)
}

// close closes all sockets.
func (p *dataPlane) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, shut := range p.sockets {
		if err := shut(); err != nil {
			return err
		}
	}
	p.sockets = map[socket]func() error{}
	return nil
}
