package clusters

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// fatalError is one after which nothing more can be read of the cluster.
type fatalError struct{ err error }

// Error returns the failure with its remedy.
func (e *fatalError) Error() string { return e.err.Error() }

// Unwrap returns the failure.
func (e *fatalError) Unwrap() error { return e.err }

// failure puts the error of a request into words. A status of the API server other than 401 is returned
// as it is: it concerns one kind.
func (c *connection) failure(ctx context.Context, err error, waited time.Duration) error {
	cause := context.Cause(ctx)
	switch {
	case errors.Is(cause, errSilent):
		return c.fatal("did not answer within %s: is its address right, and reachable from here (VPN, proxy, firewall)?", c.timeout)
	case cause != nil:
		return &fatalError{cause}
	}
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		if apierrors.IsUnauthorized(err) {
			return c.fatal("refused the credentials (401 Unauthorized): log in again, or renew the token or certificate of the user in the kubeconfig")
		}
		return err
	}
	if remedy := certificateRemedy(err); remedy != "" {
		return c.fatal("cannot be trusted: %s: %s", plain(err), remedy)
	}
	if strings.Contains(err.Error(), "getting credentials: ") {
		return c.fatal("was not asked: %s: run the credential command of the kubeconfig's user by hand to see why it fails", plain(err))
	}
	return c.fatal("cannot be reached: %s, after %s: %s", plain(err), round(waited), reachRemedy(err))
}

func (c *connection) fatal(format string, args ...any) error {
	return &fatalError{fmt.Errorf("cluster %s "+format, append([]any{c.host}, args...)...)}
}

// plain leaves out the request, which says nothing that the host does not.
func plain(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return err.Error()
}

// certificateRemedy returns what to do if the TLS handshake failed, "" if it did not.
func certificateRemedy(err error) string {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &unknown):
		return "give the cluster's certificate-authority or certificate-authority-data in the kubeconfig"
	case errors.As(err, &name):
		return "use an address that the certificate names as the server in the kubeconfig, or set tls-server-name"
	case errors.As(err, &invalid):
		return "the server's certificate must be renewed, or the clock here is wrong"
	case errors.As(err, &record), strings.Contains(err.Error(), "HTTP response to HTTPS client"):
		return "the server in the kubeconfig begins with https, and what answers there does not speak TLS"
	case errors.As(err, &alert):
		return "the server does not accept the client certificate of the user in the kubeconfig"
	}
	return ""
}

func reachRemedy(err error) string {
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return "check the server's name in the kubeconfig, and the VPN"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "is the cluster running, and the port of the server in the kubeconfig right?"
	}
	return "check the server in the kubeconfig, the network and the proxy settings"
}

// round returns a duration as people say it.
func round(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(100 * time.Millisecond)
}
