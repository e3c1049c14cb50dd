package gatewayconformance

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
	"sigs.k8s.io/gateway-api/conformance"
	"sigs.k8s.io/gateway-api/conformance/utils/config"
	"sigs.k8s.io/gateway-api/conformance/utils/suite"
)

// Bench is a suite set up against a cluster of its own.
type Bench struct {
	Cluster *Cluster
	Suite   *suite.ConformanceTestSuite
	api     *apiServer
	sockets *WebSocketDialer
}

// NewBench makes a cluster with the class that the suite asks for, and a suite
// over it with every feature on.
func NewBench(ctx context.Context) (*Bench, error) {
	c, err := NewCluster(ctx)
	if err != nil {
		return nil, err
	}
	class := &gatewayv1.GatewayClass{ObjectMeta: metav1.ObjectMeta{Name: ClassName}, Spec: gatewayv1.GatewayClassSpec{ControllerName: ControllerName}}
	if err := c.Client().Create(ctx, class); err != nil {
		return nil, fmt.Errorf("GatewayClass: %w", err)
	}
	b := &Bench{Cluster: c, api: newAPIServer(c), sockets: newWebSocketDialer(c)}
	set, err := b.api.clientset()
	if err != nil {
		return nil, err
	}
	b.Suite, err = suite.NewConformanceTestSuite(suite.ConformanceOptions{
		Client: c.Client(), Clientset: set, RestConfig: b.api.config(),
		RoundTripper: &RoundTripper{Cluster: c}, GRPCClient: &GRPCClient{Cluster: c}, WebSocketDialer: b.sockets,
		ManifestFS: []fs.FS{&conformance.Manifests},
		ConfigurableOptions: suite.ConfigurableOptions{GatewayClassName: ClassName, EnableAllSupportedFeatures: true,
			CleanupTestResources: true, DisableParallelTests: true, TimeoutConfig: timeouts(3 * time.Second),
			UsableNetworkAddresses:   []gatewayv1.GatewaySpecAddress{address("127.77.255.1")},
			UnusableNetworkAddresses: []gatewayv1.GatewaySpecAddress{address("192.0.2.1")}},
	})
	return b, err
}

func address(ip string) gatewayv1.GatewaySpecAddress {
	t := gatewayv1.IPAddressType
	return gatewayv1.GatewaySpecAddress{Type: &t, Value: ip}
}

// timeouts wait for a short time: netfate has answered before the suite first asks,
// and what is not so at once never is.
func timeouts(wait time.Duration) config.TimeoutConfig {
	t := config.DefaultTimeoutConfig()
	for _, d := range []*time.Duration{&t.GatewayMustHaveAddress, &t.GatewayMustHaveCondition, &t.GatewayStatusMustHaveListeners,
		&t.GatewayListenersMustHaveConditions, &t.ListenerSetMustHaveCondition, &t.ListenerSetListenersMustHaveConditions,
		&t.GWCMustBeAccepted, &t.HTTPRouteMustHaveCondition, &t.TLSRouteMustHaveCondition, &t.TCPRouteMustHaveCondition,
		&t.UDPRouteMustHaveCondition, &t.RouteMustHaveParents, &t.NamespacesMustBeReady, &t.LatestObservedGenerationSet,
		&t.MaxTimeToConsistency} {
		*d = wait
	}
	t.HTTPRouteMustNotHaveParents = wait // it asks once a second, and twice
	t.RequestTimeout, t.DefaultTestTimeout = wait, wait
	t.DefaultPollInterval = 100 * time.Millisecond
	return t
}

// Close ends what listens.
func (b *Bench) Close() error {
	b.api.close()
	b.sockets.echo.Close()
	return b.Cluster.plane.close()
}
