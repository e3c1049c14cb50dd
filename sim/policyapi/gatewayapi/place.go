package gatewayapi

import (
	"fmt"
	"slices"
	"strings"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// placement is a convention for the labels of the pods and the Service that carry
// a gateway's traffic.
type placement struct {
	name      string // label with the gateway's name
	namespace string // label with its namespace; "" where they are in its namespace
	who       string
}

// placements are the known conventions: that of the API (GEP-1762), and that of
// implementations whose pods may be in a namespace of their own.
func placements() []placement {
	return []placement{
		{gatewayv1.GatewayNameLabelKey, "", "the label of the Gateway API"},
		{"gateway.envoyproxy.io/owning-gateway-name", "gateway.envoyproxy.io/owning-gateway-namespace", "labels of Envoy Gateway"},
	}
}

func (p *placement) labels(g *gateway) model.Labels {
	l := map[string]string{p.name: g.Name}
	if p.namespace != "" {
		l[p.namespace] = g.Namespace
	}
	return model.NewLabels(l)
}

func (p *placement) inNamespace(g *gateway, ns string) bool {
	return p.namespace != "" || ns == g.Namespace
}

// ciliumController serves gateways without pods (semantics of Cilium 1.20,
// Documentation/network/servicemesh).
const ciliumController = "io.cilium/gateway-controller"

// placeGateway finds the pods that carry a gateway's traffic, and the Service
// before them: by the user's word, else by labels.
func (b *builder) placeGateway(g *gateway, out *model.Gateway) {
	out.Service = -1
	if word, ok := b.in.GatewayPods[g.id()]; ok {
		b.byWord(word, g, out)
		return
	}
	if b.byHostname(g, out) {
		return
	}
	for _, p := range placements() {
		want := p.labels(g)
		for i := range b.in.Model.Endpoints {
			e := &b.in.Model.Endpoints[i]
			if e.Kind == model.Pod && e.Cluster == "" && p.inNamespace(g, e.Namespace) && has(e.Labels, want) {
				out.Pods = append(out.Pods, i)
			}
		}
		if len(out.Pods) > 0 {
			out.PodsWhy = "by " + p.who
		}
		for i := range b.in.Model.Services {
			s := &b.in.Model.Services[i]
			if out.Service < 0 && p.inNamespace(g, s.Namespace) && has(serviceLabels(s), want) {
				out.Service = i
			}
		}
		if len(out.Pods) > 0 {
			b.serviceBefore(g, out)
			return
		}
	}
	if g.class != nil && g.class.value.ControllerName == ciliumController {
		out.PodsWhy = "the proxies of Cilium on each node carry it"
		out.NoPods = &model.Reason{Kind: model.UndefinedByAPI, Row: "N32", Confidence: model.Source, Origin: out.Origin,
			Text: "Cilium carries the traffic of gateway " + g.id() + " with the identity ingress, which only rules for every peer let in"}
		return
	}
	out.PodsWhy = fmt.Sprintf("no pod has the label %s=%s in namespace %s", gatewayv1.GatewayNameLabelKey, g.Name, g.Namespace)
}

// byWord takes the pods that the user names as "namespace/label=value,...".
func (b *builder) byWord(word string, g *gateway, out *model.Gateway) {
	ns, want, err := ParsePods(word)
	if err != nil {
		out.PodsWhy = err.Error()
		return
	}
	for i := range b.in.Model.Endpoints {
		e := &b.in.Model.Endpoints[i]
		if e.Kind == model.Pod && e.Cluster == "" && e.Namespace == ns && has(e.Labels, want) {
			out.Pods = append(out.Pods, i)
		}
	}
	out.PodsWhy = "as given: " + word
	if len(out.Pods) == 0 {
		out.PodsWhy = "no pod is " + word + ", which was given for it"
	}
	b.serviceBefore(g, out)
}

// ParsePods reads "namespace/label=value,label=value", the pods of a gateway. The
// error says what is wrong.
func ParsePods(text string) (namespace string, labels model.Labels, err error) {
	ns, list, ok := strings.Cut(text, "/")
	if !ok || ns == "" || list == "" {
		return "", nil, fmt.Errorf("%q: want NAMESPACE/LABEL=VALUE", text)
	}
	m := map[string]string{}
	for _, pair := range strings.Split(list, ",") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return "", nil, fmt.Errorf("%q: %q is not LABEL=VALUE", text, pair)
		}
		m[key] = value
	}
	return ns, model.NewLabels(m), nil
}

// serviceBefore finds the Service that selects all pods of a gateway; of several
// the one with most of its ports, then one for clients outside the cluster.
func (b *builder) serviceBefore(g *gateway, out *model.Gateway) {
	if out.Service >= 0 || len(out.Pods) == 0 {
		return
	}
	best := -1
	for i := range b.in.Model.Services {
		s := &b.in.Model.Services[i]
		if b.selectsAll(s, out.Pods) {
			score := 2 * portsOf(g, s)
			if s.Type == model.LoadBalancer || s.Type == model.NodePort {
				score++
			}
			if score > best {
				best, out.Service = score, i
			}
		}
	}
}

func (b *builder) selectsAll(s *model.Service, pods []int) bool {
	if !s.HasSelector || len(s.Selector) == 0 || s.Headless {
		return false
	}
	return !slices.ContainsFunc(pods, func(p int) bool {
		e := &b.in.Model.Endpoints[p]
		return e.Namespace != s.Namespace || !has(e.Labels, s.Selector)
	})
}

// portsOf counts the listeners whose port a Service has.
func portsOf(g *gateway, s *model.Service) int {
	n := 0
	for _, l := range g.all() {
		if slices.ContainsFunc(s.Ports, func(p model.ServicePort) bool { return p.Port == uint16(l.spec.Port) }) {
			n++
		}
	}
	return n
}

func has(have, want model.Labels) bool {
	for _, l := range want {
		if v, ok := have.Get(l.Key); !ok || v != l.Value {
			return false
		}
	}
	return true
}

func serviceLabels(s *model.Service) model.Labels {
	if s.Object == nil || s.Object.Root == nil {
		return nil
	}
	n := s.Object.Root.Get("metadata").Get("labels")
	if n == nil || n.Kind != manifest.Map {
		return nil
	}
	m := map[string]string{}
	for i := range n.Keys {
		m[n.Keys[i].Name] = n.Items[i].Str()
	}
	return model.NewLabels(m)
}

// byHostname finds the pods of a Gateway of Istio whose address is the name of a
// Service: they are those behind it (extractGatewayServices); false for others.
func (b *builder) byHostname(g *gateway, out *model.Gateway) bool {
	if !slices.Contains(g.profile.Controllers, istioController) || !manual(g.r.Object.Root.Get("spec")) {
		return false
	}
	for i := range g.value.Addresses {
		a := &g.value.Addresses[i]
		if or(a.Type, gatewayv1.IPAddressType) != gatewayv1.HostnameAddressType {
			continue
		}
		id := g.Namespace + "/" + a.Value
		if name, rest, ok := strings.Cut(a.Value, "."); ok {
			ns, _, _ := strings.Cut(rest, ".")
			id = ns + "/" + name
		}
		s, ok := b.services[id]
		if !ok {
			continue
		}
		out.Service = s
		for j := range b.in.Model.Endpoints {
			if b.selectsAll(&b.in.Model.Services[s], []int{j}) {
				out.Pods = append(out.Pods, j)
			}
		}
	}
	out.PodsWhy = "behind the Service that its address names"
	if len(out.Pods) == 0 {
		out.PodsWhy = "its address names no Service among the sources that selects pods"
	}
	return true
}
