package gatewayconformance

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/model"
)

// replay is a connection that keeps what is read until it is read again.
type replay struct {
	net.Conn
	kept  []byte
	again bool
}

// Read reads what was kept before what is new.
func (r *replay) Read(b []byte) (int, error) {
	if r.again && len(r.kept) > 0 {
		n := copy(b, r.kept)
		r.kept = r.kept[n:]
		return n, nil
	}
	n, err := r.Conn.Read(b)
	if !r.again {
		r.kept = append(r.kept, b[:n]...)
	}
	return n, err
}

// readOnly is a connection on which nothing is answered.
type readOnly struct{ net.Conn }

// Write fails: the handshake is answered by whoever ends it.
func (readOnly) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// usedListener is the listener that a verdict says a flow came in by.
type usedListener struct {
	namespace   string
	spec        gatewayv1.Listener
	passthrough bool
}

// listenerOf finds the listener of a verdict's trace among a Gateway's own; nil
// where it has no TLS.
func (c *Cluster) listenerOf(ctx context.Context, v *model.Verdict, gateway string) (*usedListener, error) {
	namespace, name, _ := strings.Cut(gateway, "/")
	g := &gatewayv1.Gateway{}
	if err := c.store.Get(ctx, types.NamespacedName{Namespace: namespace, Name: name}, g); err != nil {
		return nil, err
	}
	for i := range v.Hops {
		for _, p := range v.Hops[i].Points {
			listener, ok := strings.CutPrefix(p.Point, "gateway "+gateway+" listener ")
			if !ok {
				continue
			}
			for _, l := range g.Spec.Listeners {
				if string(l.Name) == listener && l.TLS != nil {
					return &usedListener{namespace: namespace, spec: l, passthrough: l.TLS.Mode != nil && *l.TLS.Mode == gatewayv1.TLSModePassthrough}, nil
				}
			}
		}
	}
	return nil, nil
}

// speaksTLS tells whether a gateway's port is one of TLS.
func (c *Cluster) speaksTLS(ctx context.Context, at netip.AddrPort) bool {
	list := &gatewayv1.GatewayList{}
	if err := c.Client().List(ctx, list); err != nil {
		return false
	}
	for i := range list.Items {
		g := &list.Items[i]
		if len(g.Status.Addresses) == 0 || g.Status.Addresses[0].Value != at.Addr().String() {
			continue
		}
		for _, l := range g.Spec.Listeners {
			if uint16(l.Port) == at.Port() && l.Protocol == gatewayv1.TLSProtocolType {
				return true
			}
		}
	}
	return false
}

// listenerCertificate is the certificate that a listener ends TLS with.
func (c *Cluster) listenerCertificate(ctx context.Context, l *usedListener) (*tls.Config, error) {
	if len(l.spec.TLS.CertificateRefs) == 0 {
		return nil, errors.New("the listener has no certificate")
	}
	ref := l.spec.TLS.CertificateRefs[0]
	namespace := l.namespace
	if ref.Namespace != nil {
		namespace = string(*ref.Namespace)
	}
	return c.certificate(ctx, namespace, string(ref.Name))
}

// podCertificate is the certificate that a pod mounts.
func (c *Cluster) podCertificate(ctx context.Context, pod *corev1.Pod) (*tls.Config, error) {
	for _, v := range pod.Spec.Volumes {
		if v.Secret != nil {
			return c.certificate(ctx, pod.Namespace, v.Secret.SecretName)
		}
	}
	return nil, fmt.Errorf("pod %s mounts no certificate", pod.Name)
}

func (c *Cluster) certificate(ctx context.Context, namespace, name string) (*tls.Config, error) {
	s := &corev1.Secret{}
	if err := c.store.Get(ctx, types.NamespacedName{Namespace: namespace, Name: name}, s); err != nil {
		return nil, err
	}
	cert, err := tls.X509KeyPair(s.Data[corev1.TLSCertKey], s.Data[corev1.TLSPrivateKeyKey])
	if err != nil {
		return nil, err
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}, nil
}
