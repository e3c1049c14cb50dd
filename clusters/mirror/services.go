package mirror

import (
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/netfate/netfate/sim/model"
)

// Service is a mirrored Service with the pods behind it.
type Service struct {
	Namespace, Name string
	Headless        bool
	Ports           []ServicePort
	Pods            []int // indices of Mirror.Pods that its selector takes, ready or not
	NotReadyToo     bool  // it sends traffic to pods that are not ready
}

// ServicePort is a port of a Service.
type ServicePort struct {
	Protocol string
	Port     uint16
	Target   uint16 // 0 when TargetName is set
	Name     string // of the target port
}

// services makes the Services anew: addresses and node ports are the cluster's to give.
func (b *builder) services() {
	for i := range b.inv.Services {
		s := &b.inv.Services[i]
		if !b.mirrored(s) {
			continue
		}
		b.namespaces[s.Namespace] = true
		b.svcObjects = append(b.svcObjects, serviceObject(s))
		if s.Type != model.ExternalName {
			b.m.Services = append(b.m.Services, b.service(s))
		}
		if len(s.External) > 0 {
			b.lost(s.Object, "spec.externalIPs", "addresses from outside the cluster")
		}
	}
}

func (b *builder) mirrored(s *model.Service) bool {
	switch {
	case system(s.Namespace) || s.ID() == "default/kubernetes":
		return false // the cluster has its own
	case s.Object == nil || s.Object.Cluster != "":
		b.lost(s.Object, "", "Service %s of another cluster", s.ID())
		return false
	case !s.HasSelector && s.Type != model.ExternalName:
		b.lost(s.Object, "", "a Service without a selector: what is behind it has addresses of the snapshot")
		return false
	}
	return true
}

// serviceObject keeps what decides where traffic goes.
func serviceObject(s *model.Service) *unstructured.Unstructured {
	meta := map[string]any{"name": s.Name, "namespace": s.Namespace}
	if labels, ok := s.Object.Root.At("metadata", "labels").Any().(map[string]any); ok && len(labels) > 0 {
		meta["labels"] = labels
	}
	spec := map[string]any{}
	for _, key := range []string{
		"type", "selector", "externalName", "internalTrafficPolicy", "externalTrafficPolicy", "publishNotReadyAddresses",
		"sessionAffinity", "trafficDistribution",
	} {
		if n := s.Object.Root.At("spec", key); n != nil {
			spec[key] = n.Any()
		}
	}
	if s.Headless {
		spec["clusterIP"] = "None"
	}
	ports, _ := s.Object.Root.At("spec", "ports").Any().([]any)
	var out []any
	for _, p := range ports {
		if m, ok := p.(map[string]any); ok {
			delete(m, "nodePort")
			out = append(out, m)
		}
	}
	if len(out) > 0 {
		spec["ports"] = out
	}
	return object("v1", "Service", meta, "spec", spec)
}

func (b *builder) service(s *model.Service) Service {
	out := Service{Namespace: s.Namespace, Name: s.Name, Headless: s.Headless, NotReadyToo: s.PublishNotReady}
	for _, p := range s.Ports {
		out.Ports = append(out.Ports, ServicePort{Protocol: p.Protocol.String(), Port: p.Port, Target: p.TargetPort, Name: p.TargetName})
	}
	byID := map[string]int{}
	for i := range b.m.Pods {
		byID[b.m.Pods[i].ID] = i
	}
	for i := range b.inv.Endpoints {
		e := &b.inv.Endpoints[i]
		at, ok := byID[e.ID()]
		if ok && e.Kind == model.Pod && e.Cluster == "" && e.Namespace == s.Namespace && selects(s.Selector, e.Labels) {
			out.Pods = append(out.Pods, at)
		}
	}
	slices.Sort(out.Pods)
	return out
}

func selects(selector, labels model.Labels) bool {
	return !slices.ContainsFunc(selector, func(l model.Label) bool {
		v, ok := labels.Get(l.Key)
		return !ok || v != l.Value
	})
}

// TargetOf returns the port that a Service's port is sent to on a pod; false where the pod has none.
func (s *Service) TargetOf(protocol string, port uint16, p *Pod) (uint16, bool) {
	for _, sp := range s.Ports {
		if sp.Protocol != protocol || sp.Port != port && !s.Headless {
			continue
		}
		if s.Headless { // it is not translated: the port is the pod's own
			return port, true
		}
		if sp.Name == "" {
			return sp.Target, true
		}
		for _, d := range p.Declared {
			if d.Name == sp.Name && d.Protocol == protocol {
				return d.Port, true
			}
		}
	}
	return 0, false
}
