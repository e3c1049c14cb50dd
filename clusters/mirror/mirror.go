package mirror

import (
	"errors"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

// System is the namespace of what is netfate's own.
const System = "netfate-system"

// Annotation is on every mirrored pod, with the snapshot's name of what it stands for.
const Annotation = "netfate.dev/mirrors"

// Container is the agent's container in a mirrored pod.
const Container = "agent"

// Options say what the mirror is made of.
type Options struct {
	Image      string   // the agent's image
	PullPolicy string   // of the image, IfNotPresent if empty
	Nodes      []string // the cluster's nodes that pods may run on, in the order to use them
	NodeAgents bool     // an agent on the host network of each node, for flows from and to nodes
	// Serve are ports that pods serve beside those that they declare, by the pods' IDs: what
	// nobody serves cannot be told from what is denied. Pods on a node's network do not.
	Serve map[string][]Port
}

// Pod is a mirrored pod.
type Pod struct {
	ID              string // of the snapshot: "namespace/name"; of a node's agent the node in the cluster
	Namespace, Name string
	Node            string // of the cluster
	HostNetwork     bool
	NotReady        bool     // it runs and never becomes ready, as in the snapshot
	Declared        []Port   // of the snapshot's containers, with the names
	TCP, UDP, SCTP  []uint16 // what it serves, the canary port among them
}

// Serves tells whether the pod serves a port.
func (p *Pod) Serves(protocol string, port uint16) bool {
	return slices.Contains(map[string][]uint16{"TCP": p.TCP, "UDP": p.UDP, "SCTP": p.SCTP}[protocol], port)
}

// Mirror is what Build made.
type Mirror struct {
	Base       []*unstructured.Unstructured // namespaces, service accounts, pods, Services: all but policies
	Policies   []*unstructured.Unstructured // as they are in the snapshot
	Pods       []Pod
	NodeAgents []Pod             // one for each node of the cluster
	Nodes      map[string]string // nodes of the snapshot to nodes of the cluster
	Services   []Service
	Canary     uint16 // the port that every pod serves on TCP and UDP and none declares
	Problems   []model.Problem
}

// Build makes the mirror of a simulator's snapshot; its endpoints have the names that the simulator gives them.
// The error is one of the options.
func Build(s *sim.Simulator, o Options) (*Mirror, error) {
	switch {
	case o.Image == "":
		return nil, errors.New("a mirror needs the image of the probe agent")
	case len(o.Nodes) == 0:
		return nil, errors.New("the cluster has no node that pods may run on")
	}
	b := &builder{
		o: o, m: &Mirror{Nodes: map[string]string{}}, inv: s.Model(),
		namespaces: map[string]bool{}, accounts: map[[2]string]bool{}, hostPorts: map[hostPort]string{},
	}
	b.canary()
	b.nodes()
	b.nodeAgents() // before pods on the nodes' network, which could take the canary port
	b.pods()
	b.services()
	b.policies(s.Snapshot())
	b.assemble()
	return b.m, nil
}

type builder struct {
	o          Options
	m          *Mirror
	inv        *model.Model
	namespaces map[string]bool    // that are needed
	accounts   map[[2]string]bool // namespace and name
	hostPorts  map[hostPort]string
	podObjects []*unstructured.Unstructured
	svcObjects []*unstructured.Unstructured
}

// lost notes what is not mirrored.
func (b *builder) lost(o *model.Object, field, format string, args ...any) {
	p := model.Problem{Severity: model.Warning, Field: field, Message: "not mirrored: " + fmt.Sprintf(format, args...)}
	if o != nil {
		p.Object, p.File = o.Ref, o.File
		at := o.At(field)
		p.Line, p.Col = int(at.Line), int(at.Col)
	}
	b.m.Problems = append(b.m.Problems, p)
}

// system tells the namespaces that belong to the cluster itself: its own pods run there, Services would choose
// mirrored ones beside them, and controllers would adopt them.
func system(namespace string) bool {
	return slices.Contains([]string{"kube-system", "kube-public", "kube-node-lease"}, namespace)
}

// assemble puts the objects in order.
func (b *builder) assemble() {
	base := b.namespaceObjects()
	base = append(base, b.accountObjects()...)
	base = append(base, b.podObjects...)
	b.m.Base = append(base, b.svcObjects...)
}
