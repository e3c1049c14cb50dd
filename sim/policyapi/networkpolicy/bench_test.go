package networkpolicy_test

import (
	"testing"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/policyapi/networkpolicy"
	"github.com/netfate/netfate/sim/policyapi/policytest"
	"github.com/netfate/netfate/sim/profile"
)

const typical = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: t, labels: {app.kubernetes.io/name: shop}}
spec:
  podSelector: {matchLabels: {app: s}}
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - podSelector: {matchLabels: {app: a}}
    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}
    ports: [{port: 8080}, {protocol: UDP, port: 53}]
  egress:
  - to: [{ipBlock: {cidr: 10.0.0.0/8}}]
`

// BenchmarkTranslate translates one policy of two rules and three peers, under
// an implementation and under the neutral profile.
func BenchmarkTranslate(b *testing.B) {
	for _, network := range []string{"calico", "kubernetes"} {
		b.Run(network, func(b *testing.B) {
			p, err := profile.Get(network)
			if err != nil {
				b.Fatal(err)
			}
			ctx := &policyapi.Context{Profile: p, Decoder: manifest.NewDecoder()}
			o := policytest.Objects(b, "p.yaml", typical)[0]
			b.ReportAllocs()
			for b.Loop() {
				networkpolicy.Translator{}.Translate(ctx, o)
			}
		})
	}
}
