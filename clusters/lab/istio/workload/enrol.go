package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	securityv1 "istio.io/api/security/v1alpha1"
)

const (
	validity = 24 * 3600 // seconds, istiod's default and longest
	patience = 2 * time.Minute
)

// enrol gets the pod its certificate and writes what the xDS client reads. istiod may not be up yet: it is asked
// again for two minutes. The error is that of the last attempt.
func enrol(ctx context.Context, p pod) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := certify(ctx, p)
		if err == nil {
			break
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("no certificate from %s: %w", p.ca, err)
		case <-time.After(time.Second):
		}
	}
	text, err := p.bootstrap()
	if err != nil {
		return err
	}
	return os.WriteFile(p.bootstrapFile, text, 0o600)
}

// certify has a new key certified by the mesh's authority
// (istio.io/api security/v1alpha1 IstioCertificateService) and writes key, chain and root.
func certify(ctx context.Context, p pod) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	id := &url.URL{Scheme: "spiffe", Host: p.trustDomain, Path: "/ns/" + p.namespace + "/sa/" + p.account}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{Organization: []string{p.name}}, URIs: []*url.URL{id}}, key)
	if err != nil {
		return err
	}
	chain, root, err := p.sign(ctx, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})))
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	for name, text := range map[string]string{
		keyFile: string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})), chainFile: chain, rootFile: root,
	} {
		if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// sign asks the authority; the last certificate of its answer is the root.
func (p *pod) sign(ctx context.Context, request string) (chain, root string, err error) {
	token, err := os.ReadFile(p.tokenFile)
	if err != nil {
		return "", "", err
	}
	trusted, err := os.ReadFile(p.caFile)
	if err != nil {
		return "", "", err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(trusted) {
		return "", "", fmt.Errorf("%s holds no certificate", p.caFile)
	}
	conn, err := grpc.NewClient("dns:///"+p.ca, grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12})))
	if err != nil {
		return "", "", err
	}
	defer conn.Close() //nolint:errcheck // nothing more is asked
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+strings.TrimSpace(string(token)))
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	got, err := securityv1.NewIstioCertificateServiceClient(conn).CreateCertificate(ctx, &securityv1.IstioCertificateRequest{Csr: request, ValidityDuration: validity})
	if err != nil {
		return "", "", err
	}
	list := got.GetCertChain()
	if len(list) < 2 {
		return "", "", errors.New("the answer is not a chain of certificates")
	}
	return strings.Join(list[:len(list)-1], ""), list[len(list)-1], nil
}
