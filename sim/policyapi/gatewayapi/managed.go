package gatewayapi

import (
	"cmp"
	"maps"
	"strconv"
	"strings"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// Annotations of a Gateway by which Istio names what it makes for it.
const (
	annName    = "gateway.istio.io/name-override"
	annAccount = "gateway.istio.io/service-account"
	annType    = "networking.istio.io/service-type"
)

// Managed returns the Deployments and Services that Istio makes by itself for the
// Gateways among objects from files, and that are therefore not among the objects
// people write (pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go and the
// template kube-gateway.yaml of istiod's chart). They stand where their Gateway
// stands. Of a Gateway whose pods are there, whose address names a Service, or
// whose parameters change what is made, there are none.
func Managed(objects []*model.Object) []*model.Object {
	var out []*model.Object
	var classes map[string]string
	var carried map[string]bool
	for _, o := range objects {
		if o.Kind != "Gateway" || !strings.HasPrefix(o.APIVersion, group+"/") || o.Live() || o.Cluster != "" {
			continue
		}
		if classes == nil {
			classes, carried = controllers(objects), carriers(objects)
		}
		spec := o.Root.Get("spec")
		class := spec.Get("gatewayClassName").Str()
		if classes[class] == istioController && managed(spec) && !carried[o.Namespace+"/"+o.Name] {
			out = append(out, madeFor(o, class, objects)...)
		}
	}
	return out
}

// controllers are the controllers of classes by name.
func controllers(objects []*model.Object) map[string]string {
	out := map[string]string{istioClass: istioController}
	for _, o := range objects {
		if o.Kind == "GatewayClass" && o.Cluster == "" {
			out[o.Name] = o.Root.Get("spec").Get("controllerName").Str()
		}
	}
	return out
}

// carriers are the gateways, "namespace/name", that pods or templates have the label of.
func carriers(objects []*model.Object) map[string]bool {
	out := map[string]bool{}
	for _, o := range objects {
		for _, meta := range []*manifest.Node{o.Root.Get("metadata"), o.Root.Get("spec").Get("template").Get("metadata")} {
			if v := meta.Get("labels").Get(gatewayv1.GatewayNameLabelKey); v != nil && o.Kind != "Service" && o.Cluster == "" {
				out[o.Namespace+"/"+v.Str()] = true
			}
		}
	}
	return out
}

// managed tells whether Istio makes pods for a Gateway as its template says.
func managed(spec *manifest.Node) bool {
	return !manual(spec) && spec.Get("infrastructure").Get("parametersRef") == nil
}

// manual tells whether a Gateway of Istio says what carries it (IsManaged).
func manual(spec *manifest.Node) bool {
	addresses := spec.Get("addresses")
	if addresses.Len() != 1 {
		return addresses.Len() > 1
	}
	t := addresses.Items[0].Get("type").Str()
	return t != "" && t != string(gatewayv1.IPAddressType)
}

// madeFor are the Deployment and the Service of a Gateway.
func madeFor(o *model.Object, class string, objects []*model.Object) []*model.Object {
	annotations := o.Root.Get("metadata").Get("annotations")
	name := cmp.Or(annotations.Get(annName).Str(), o.Name+"-"+class)
	labels := infrastructure(o, "labels")
	labels["istio.io/dataplane-mode"] = cmp.Or(labels["istio.io/dataplane-mode"], "none")
	own := map[string]string{gatewayv1.GatewayNameLabelKey: o.Name, "gateway.networking.k8s.io/gateway-class-name": class}
	of := maps.Clone(labels)
	maps.Copy(of, own)
	pod := map[string]string{"sidecar.istio.io/inject": "false", "service.istio.io/canonical-name": name, "service.istio.io/canonical-revision": "latest"}
	maps.Copy(pod, of)
	pod["gateway.istio.io/managed"] = "istio.io-gateway-controller"
	selector := map[string]any{gatewayv1.GatewayNameLabelKey: o.Name}
	return []*model.Object{
		made(o, "apps/v1", "Deployment", name, labelled(of, nil), map[string]any{
			"selector": map[string]any{"matchLabels": selector},
			"template": map[string]any{
				"metadata": labelled(pod, infrastructure(o, "annotations")),
				"spec": map[string]any{
					"serviceAccountName": cmp.Or(annotations.Get(annAccount).Str(), o.Name+"-"+class),
					"containers":         []any{map[string]any{"name": "istio-proxy", "image": "auto", "args": []any{"proxy", "router"}}},
				},
			},
		}),
		made(o, "v1", "Service", name, labelled(of, nil), map[string]any{
			"type": cmp.Or(annotations.Get(annType).Str(), "LoadBalancer"), "selector": selector, "ports": servicePortsOf(o, objects)}),
	}
}

// infrastructure are the labels or annotations that a Gateway asks for, or its own
// where it asks for none.
func infrastructure(o *model.Object, what string) map[string]string {
	n := o.Root.Get("spec").Get("infrastructure").Get(what)
	asked := n != nil
	if !asked {
		n = o.Root.Get("metadata").Get(what)
	}
	out := map[string]string{}
	for i := range n.Len() {
		if key := n.Keys[i].Name; !asked || !strings.HasPrefix(key, group+"/") {
			out[key] = n.Items[i].Str()
		}
	}
	return out
}

// servicePortsOf are the ports of the listeners of a Gateway and of its sets, and that
// of its health. Istio serves no UDP.
func servicePortsOf(o *model.Object, objects []*model.Object) []any {
	out := []any{map[string]any{"name": "status-port", "port": int64(15021)}}
	seen := map[string]bool{}
	add := func(listeners *manifest.Node) {
		for i := range listeners.Len() {
			l := &listeners.Items[i]
			port := l.Get("port").Str()
			n, err := strconv.ParseUint(port, 10, 16)
			if err != nil || n == 0 || seen[port] || l.Get("protocol").Str() == string(gatewayv1.UDPProtocolType) {
				continue
			}
			seen[port] = true
			out = append(out, map[string]any{"name": "p" + port, "port": int64(n)})
		}
	}
	add(o.Root.Get("spec").Get("listeners"))
	for _, x := range objects {
		parent := x.Root.Get("spec").Get("parentRef")
		if x.Kind == "ListenerSet" && x.Cluster == "" && parent.Get("name").Str() == o.Name && cmp.Or(parent.Get("namespace").Str(), x.Namespace) == o.Namespace {
			add(x.Root.Get("spec").Get("listeners"))
		}
	}
	return out
}

func labelled(labels, annotations map[string]string) map[string]any {
	out := map[string]any{"labels": anyMap(labels)}
	if len(annotations) > 0 {
		out["annotations"] = anyMap(annotations)
	}
	return out
}

func anyMap(m map[string]string) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// made is an object that stands where another one stands.
func made(o *model.Object, apiVersion, kind, name string, meta, spec map[string]any) *model.Object {
	meta["name"], meta["namespace"] = name, o.Namespace
	root, err := manifest.FromValue(map[string]any{"apiVersion": apiVersion, "kind": kind, "metadata": meta, "spec": spec})
	if err != nil { // values of these types have JSON
		root = nil
	}
	return &model.Object{Ref: model.Ref{APIVersion: apiVersion, Kind: kind, Namespace: o.Namespace, Name: name}, File: o.File, Line: o.Line, Col: o.Col, Root: root}
}
