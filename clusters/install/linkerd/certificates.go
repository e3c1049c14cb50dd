package linkerd

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"time"
)

// identity is what Linkerd's control plane signs with, as PEM.
type identity struct{ anchor, issuer, key string }

// certificates makes a trust anchor and an issuer below it, valid for a year.
func certificates(now time.Time) (*identity, error) {
	anchorKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	issuerKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	anchor := template(1, "root.linkerd.cluster.local", now)
	issuer := template(2, "identity.linkerd.cluster.local", now)
	issuer.MaxPathLenZero = true
	a, err := x509.CreateCertificate(rand.Reader, anchor, anchor, &anchorKey.PublicKey, anchorKey)
	if err != nil {
		return nil, err
	}
	i, err := x509.CreateCertificate(rand.Reader, issuer, anchor, &issuerKey.PublicKey, anchorKey)
	if err != nil {
		return nil, err
	}
	k, err := x509.MarshalECPrivateKey(issuerKey)
	if err != nil {
		return nil, err
	}
	text := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return &identity{anchor: text("CERTIFICATE", a), issuer: text("CERTIFICATE", i), key: text("EC PRIVATE KEY", k)}, nil
}

func template(serial int64, name string, now time.Time) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
}
