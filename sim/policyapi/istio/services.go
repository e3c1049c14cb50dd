package istio

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// services reads of each Service what its ports speak and who sees it.
func (b *builder) services() {
	b.mesh.Protocols, b.mesh.Exports = map[model.ServicePortID]model.PortProtocol{}, map[int]model.Export{}
	b.mesh.Created = map[int]string{}
	for i := range b.in.Model.Services {
		s := &b.in.Model.Services[i]
		var root *manifest.Node
		if s.Object != nil {
			root = s.Object.Root
		}
		if t := root.Get("metadata").Get("creationTimestamp"); t != nil && t.Value != "" {
			b.mesh.Created[i] = t.Value
		}
		for j := range s.Ports {
			p := &s.Ports[j]
			name := p.Name
			if app := appProtocol(root, j); app != "" {
				name = app
			}
			b.mesh.Protocols[model.ServicePortID{Service: i, Port: p.Port}] = protocol(p.Port, name, p.Protocol)
		}
		if x, ok := exportOf(root.Get("metadata").Get("annotations").Get("networking.istio.io/exportTo"), b.config.services); ok {
			x.Origin = s.Object.At("metadata.annotations")
			b.mesh.Exports[i] = x
		}
	}
}

func appProtocol(root *manifest.Node, port int) string {
	list := root.Get("spec").Get("ports")
	if port >= list.Len() {
		return ""
	}
	if n := list.Items[port].Get("appProtocol"); n != nil {
		return n.Value
	}
	return ""
}

// protocol is what a port says by its appProtocol or name (pkg/config/kube
// ConvertProtocol): "http", "http-web" and so on; ports of protocols in which the
// server speaks first are never looked at.
func protocol(port uint16, name string, transport algebra.Protocol) model.PortProtocol {
	if transport != algebra.TCP {
		return model.PortOther
	}
	switch name {
	case "kubernetes.io/h2c", "kubernetes.io/ws":
		return model.PortHTTP
	case "kubernetes.io/wss":
		return model.PortStream
	}
	lower := strings.ToLower(name)
	if strings.HasPrefix(lower, "grpc-web") {
		return model.PortHTTP
	}
	prefix, _, _ := strings.Cut(lower, "-")
	switch prefix {
	case "http", "http2", "grpc", "http_proxy":
		return model.PortHTTP
	case "tcp", "https", "tls", "mongo", "redis", "mysql":
		return model.PortStream
	case "udp":
		return model.PortOther
	}
	if slices.Contains([]uint16{25, 53, 3306, 27017}, port) {
		return model.PortStream
	}
	return model.PortDetect
}

// exportOf reads an exportTo annotation, or the mesh's default.
func exportOf(n *manifest.Node, byDefault []string) (model.Export, bool) {
	list := byDefault
	if n != nil && n.Value != "" {
		list = strings.FieldsFunc(n.Value, comma)
	}
	return export(list), len(list) > 0
}

// export is a list of namespaces, "." for one's own, "*" for all, "~" for none.
func export(list []string) model.Export {
	if len(list) == 1 && list[0] == "~" {
		return model.Export{Nobody: true}
	}
	if slices.Contains(list, "*") {
		return model.Export{}
	}
	return model.Export{Namespaces: list}
}

// exportTo is an object's list, or the mesh's default where it has none.
func exportTo(list, byDefault []string) model.Export {
	if len(list) == 0 {
		list = byDefault
	}
	return export(list)
}

// fullHost completes a short host name by the namespace of the object that says it.
func (b *builder) fullHost(name, namespace string) string {
	name = strings.ToLower(name)
	if strings.Contains(name, ".") || strings.Contains(name, "*") || name == "" {
		if id, ok := strings.CutSuffix(name, ".svc"); ok {
			return id + ".svc.cluster.local"
		}
		return name
	}
	return name + "." + namespace + ".svc.cluster.local"
}

// serviceOf returns the Service of a full host name, or -1.
func (b *builder) serviceOf(host string) int {
	id, ok := strings.CutSuffix(host, ".svc.cluster.local")
	if !ok {
		return -1
	}
	name, ns, ok := strings.Cut(id, ".")
	if !ok {
		return -1
	}
	return slices.IndexFunc(b.in.Model.Services, func(s model.Service) bool { return s.Name == name && s.Namespace == ns })
}

// checkExport is the webhook's validation of an exportTo.
func checkExport(r *rulekit.Reader, spec rulekit.At, list []string, entry bool) {
	seen := map[string]bool{}
	for i, e := range list {
		at := spec.Item("exportTo", i)
		key := e
		if e == "." {
			key = r.Object.Namespace
		}
		switch {
		case seen[key]:
			refuse(r, at, "duplicate entry in exportTo", "")
		case e == "~" && !entry:
			refuse(r, at, "~ is for service entries only", "")
		case (e == "*" || e == "~") && len(list) > 1:
			refuse(r, at, "cannot stand beside others", "")
		case e != "." && e != "*" && e != "~" && len(validation.IsDNS1123Label(e)) > 0:
			refuse(r, at, "only ., * or a namespace is allowed", "")
		}
		seen[key] = true
	}
}
