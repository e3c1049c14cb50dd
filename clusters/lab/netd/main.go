// Command netd is the node agent of the lab's plain network, and stands in for
// kindnetd, whose module is not published: it writes the CNI configuration of its node
// from spec.podCIDR, routes the pod networks of the other nodes, and masquerades what
// leaves the pod network. IPv4 only; it enforces no policy.
//
// NODE_NAME is the node, POD_SUBNET the pod networks of all nodes;
// CONTROL_PLANE_ENDPOINT, host:port, reaches the API server before kube-proxy runs.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/vishvananda/netlink"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, os.Getenv("NODE_NAME"), os.Getenv("POD_SUBNET"), os.Getenv("CONTROL_PLANE_ENDPOINT")); err != nil {
		slog.Error("stopped", "error", err)
		os.Exit(1)
	}
}

// run keeps the node's network in step with the nodes of the cluster, looking once a second.
func run(ctx context.Context, self, subnet, apiServer string) error {
	if self == "" {
		return errors.New("NODE_NAME is not set: set it from spec.nodeName")
	}
	config, err := rest.InClusterConfig()
	if err != nil {
		return fmt.Errorf("netd runs as a pod: %w", err)
	}
	if apiServer != "" {
		config.Host = "https://" + apiServer
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("client of the API server: %w", err)
	}
	if err := masquerade(subnet); err != nil {
		return err
	}
	f := informers.NewSharedInformerFactory(client, 0)
	nodes := f.Core().V1().Nodes().Lister()
	f.Start(ctx.Done())
	f.WaitForCacheSync(ctx.Done())
	n := network{self: self}
	for ctx.Err() == nil {
		list, err := nodes.List(labels.Everything())
		if err != nil {
			return err
		}
		for _, node := range list {
			if err := n.apply(node); err != nil {
				slog.Error("will be tried again", "node", node.Name, "error", err)
			}
		}
		time.Sleep(time.Second)
	}
	return nil
}

// network is what has been set up on the node self.
type network struct{ self, written string }

// apply writes the CNI configuration for the own node, or routes to another one.
func (n *network) apply(node *corev1.Node) error {
	_, pods, err := net.ParseCIDR(node.Spec.PodCIDR)
	if err != nil {
		return nil //nolint:nilerr // a node that has no network yet gets one soon
	}
	if node.Name != n.self {
		gateway := address(node)
		if gateway == nil {
			return nil
		}
		if err := netlink.RouteReplace(&netlink.Route{Dst: pods, Gw: gateway}); err != nil {
			return fmt.Errorf("route to %s via %s: %w", pods, gateway, err)
		}
		return nil
	}
	if n.written == node.Spec.PodCIDR {
		return nil
	}
	if err := writeCNI(node.Spec.PodCIDR); err != nil {
		return err
	}
	n.written = node.Spec.PodCIDR
	slog.Info("CNI configuration is written", "network", n.written)
	return nil
}

// address returns the IPv4 address that other nodes reach a node at, nil if it has none yet.
func address(n *corev1.Node) net.IP {
	for _, a := range n.Status.Addresses {
		if ip := net.ParseIP(a.Address).To4(); a.Type == corev1.NodeInternalIP && ip != nil {
			return ip
		}
	}
	return nil
}
