package inventory

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// readServices reads Services, and the backends of those without a selector.
func (b *builder) readServices(services, sliceObjects []*model.Object) {
	backends := b.readSlices(sliceObjects)
	for _, o := range b.byName(services) {
		r := reader{o: o, opt: &b.opt}
		s := b.service(&r)
		b.useSlices(&r, &s, backends[ownerKey{o.Cluster, s.Namespace, ownerRef{"Service", s.Name}}])
		if !r.rejected {
			b.res.Services = append(b.res.Services, s)
		}
		b.take(&r.report)
	}
}

// useSlices gives a Service its EndpointSlices. With a selector the backends are
// the pods it selects, and slices of other origin are not modelled.
func (b *builder) useSlices(r *reader, s *model.Service, found []slice) {
	for i := range found {
		if !s.HasSelector {
			s.Backends = append(s.Backends, found[i].backends...)
		} else if !found[i].managed {
			r.gaps = append(r.gaps, model.Gap{
				Origin: found[i].object.At(""), MayAllow: true,
				Text: "adds backends to " + s.ID() + ", which has a selector; not modelled",
			})
		}
	}
}

func (b *builder) service(r *reader) model.Service {
	r.check()
	root := r.o.Root
	meta, spec := root.Get("metadata"), root.Get("spec")
	r.checkMeta(meta, labelName)
	r.labels(nil, meta.Get("labels"), "metadata.labels")
	s := model.Service{Namespace: namespaceOf(r.o), Name: r.o.Name, Object: r.o}
	s.Type = r.serviceType(spec)
	if s.Type == model.ExternalName {
		if s.ExternalName = spec.Get("externalName").Str(); s.ExternalName == "" {
			r.reject("spec.externalName", "required for type ExternalName", "")
		}
		return s
	}
	// "If empty or not present, the service is assumed to have an external
	// process managing its endpoints" (core/v1 ServiceSpec).
	s.Selector = slices.Clip(r.labels(nil, spec.Get("selector"), "spec.selector"))
	s.HasSelector = len(s.Selector) > 0
	s.InternalLocal = spec.Get("internalTrafficPolicy").Str() == "Local"
	s.ExternalLocal = spec.Get("externalTrafficPolicy").Str() == "Local"
	s.PublishNotReady = isTrue(spec.Get("publishNotReadyAddresses"))
	b.clusterIPs(r, &s, spec)
	b.externalIPs(r, &s, root)
	b.serviceFamilies(r, &s, spec)
	s.Ports = r.servicePorts(&s, spec)
	if present(spec.Get("loadBalancerSourceRanges")) && s.Type == model.LoadBalancer {
		r.gap("spec.loadBalancerSourceRanges", "clients outside these ranges are refused at the load balancer's address; not modelled", false, true)
	}
	return s
}

func (r *reader) serviceType(spec *manifest.Node) model.ServiceType {
	switch t := spec.Get("type").Str(); t {
	case "", "ClusterIP":
		return model.ClusterIP
	case "NodePort":
		return model.NodePort
	case "LoadBalancer":
		return model.LoadBalancer
	case "ExternalName":
		return model.ExternalName
	default:
		r.reject("spec.type", "unknown type "+quote(t), "ClusterIP, NodePort, LoadBalancer or ExternalName")
		return model.ClusterIP
	}
}

// clusterIPs reads spec.clusterIPs, or the older clusterIP. "None" is headless.
func (b *builder) clusterIPs(r *reader, s *model.Service, spec *manifest.Node) {
	list := items(spec.Get("clusterIPs"))
	texts := make([]string, 0, 2)
	for i := range list {
		texts = append(texts, list[i].Str())
	}
	if ip := spec.Get("clusterIP").Str(); len(texts) == 0 && ip != "" {
		texts = append(texts, ip)
	}
	if len(texts) == 1 && texts[0] == "None" {
		s.Headless = true
		if s.Type != model.ClusterIP {
			r.reject("spec.clusterIP", "may not be None for type "+s.Type.String(), "")
		}
		return
	}
	s.ClusterIPs = b.addrs(r, texts, "spec.clusterIP")
}

// externalIPs reads the addresses outside the cluster's own ranges that lead to
// the Service: spec.externalIPs, spec.loadBalancerIP and what the load balancer
// reports.
func (b *builder) externalIPs(r *reader, s *model.Service, root *manifest.Node) {
	list := items(root.Get("spec").Get("externalIPs"))
	texts := make([]string, 0, len(list))
	for i := range list {
		texts = append(texts, list[i].Str())
	}
	s.External = b.addrs(r, texts, "spec.externalIPs")
	if s.Type != model.LoadBalancer {
		return
	}
	texts = texts[:0]
	if ip := root.Get("spec").Get("loadBalancerIP").Str(); ip != "" {
		texts = append(texts, ip)
	}
	ingress := items(root.Get("status").Get("loadBalancer").Get("ingress"))
	for i := range ingress {
		if ip := ingress[i].Get("ip").Str(); ip != "" {
			texts = append(texts, ip)
		}
	}
	for _, a := range b.addrs(r, texts, "status.loadBalancer.ingress") {
		if !slices.Contains(s.External, a) {
			s.External = append(s.External, a)
		}
	}
}

// serviceFamilies reads spec.ipFamilies. Where it is not there, addresses and a
// policy that demands both families say the same; otherwise it is not stated.
func (b *builder) serviceFamilies(r *reader, s *model.Service, spec *manifest.Node) {
	list := items(spec.Get("ipFamilies"))
	for i := range list {
		switch f := list[i].Str(); f {
		case "IPv4":
			s.Families = append(s.Families, algebra.IPv4)
		case "IPv6":
			s.Families = append(s.Families, algebra.IPv6)
		default:
			r.reject("spec.ipFamilies", "unknown family "+quote(f), "IPv4 or IPv6")
		}
	}
	switch {
	case len(s.Families) > 0:
	case len(s.ClusterIPs) > 0:
		for _, a := range s.ClusterIPs {
			s.Families = append(s.Families, familyOf(a))
		}
	case spec.Get("ipFamilyPolicy").Str() == "RequireDualStack":
		s.Families = []algebra.Family{algebra.IPv4, algebra.IPv6}
	}
	for _, f := range s.Families {
		b.fam.name(f.String())
	}
}
