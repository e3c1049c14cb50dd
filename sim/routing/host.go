package routing

import (
	"net/netip"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// maxNames bounds how many names are followed from one to the next, as
// resolvers do.
const maxNames = 8

// alias follows a Service of type ExternalName, which is nothing but a name for
// another name. An address there is taken for a name and does not resolve.
func (x *expansion) alias(s *model.Service) {
	host := strings.TrimSuffix(s.ExternalName, ".")
	if x.from == nil {
		x.deny(model.NoSuchHost, "Service "+s.ID()+" is a name inside the cluster only", s.Object, "spec.type")
		return
	}
	if _, err := netip.ParseAddr(host); err == nil {
		x.deny(model.NoSuchHost, "externalName of Service "+s.ID()+" is an address, which is taken for a name and does not resolve", s.Object, "spec.externalName")
		return
	}
	if x.names++; x.names > maxNames {
		x.deny(model.NoSuchHost, "Service "+s.ID()+" is a name that leads back to itself", s.Object, "spec.externalName")
		return
	}
	x.note("Service " + s.ID() + " is a name for " + host)
	x.toHost(host)
}

// toHost goes to a host name: a Service of the cluster, or a host outside.
func (x *expansion) toHost(host string) {
	namespace, name, inside := clusterName(host)
	if !inside {
		x.add(model.Party{Kind: model.PartyHost, Host: host}, x.f.Port, target{service: -1})
		return
	}
	if x.from == nil {
		x.deny(model.NoSuchHost, host+" resolves inside the cluster only", nil, "")
		return
	}
	i, ok := x.ix.names()[nameKey{x.from.Cluster, namespace, name}]
	if !ok {
		x.deny(model.NoSuchHost, "there is no Service "+namespace+"/"+name, nil, "")
		return
	}
	x.toService(int(i))
}

// clusterName reads name.namespace.svc and name.namespace.svc.cluster.local.
func clusterName(host string) (namespace, name string, ok bool) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	host = strings.TrimSuffix(host, ".cluster.local")
	host, ok = strings.CutSuffix(host, ".svc")
	if !ok {
		return "", "", false
	}
	name, namespace, ok = strings.Cut(host, ".")
	return namespace, name, ok && !strings.Contains(namespace, ".")
}
