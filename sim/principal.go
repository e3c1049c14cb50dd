package sim

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// ParsePrincipal reads an identity of a mesh as policies name it,
// "trust-domain/ns/NAMESPACE/sa/SERVICEACCOUNT", also with "spiffe://" before it as
// certificates have it (SPIFFE ID, section 2). The error says what is expected.
func ParsePrincipal(text string) (string, error) {
	id := strings.TrimPrefix(text, "spiffe://")
	p := strings.Split(id, "/")
	if len(p) != 5 || p[0] == "" || p[1] != "ns" || p[2] == "" || p[3] != "sa" || p[4] == "" {
		return "", fmt.Errorf("principal %q: want trust-domain/ns/NAMESPACE/sa/SERVICEACCOUNT, such as cluster.local/ns/shop/sa/cart", text)
	}
	return id, nil
}

// ShowsIdentity returns an error where a party cannot show an identity in mutual TLS:
// it has no proxy of a mesh, nor is it of one without a proxy.
func (s *Simulator) ShowsIdentity(p model.Party) error {
	if s.l7 != nil && p.Kind == model.PartyEndpoint && s.l7.mesh.Client(p.Index).Sidecar != algebra.No {
		return nil
	}
	return fmt.Errorf("%s has no proxy of a mesh: it shows no principal", s.Name(p))
}
