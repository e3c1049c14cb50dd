package inventory

import (
	"net/netip"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// record is what one Pod or one template says, before ownership is resolved.
type record struct {
	endpoint *model.Endpoint
	owner    ownerRef // the controller, zero when there is none
	hash     string   // label pod-template-hash of a pod
	labels   int32    // number in the chunk's label sets
	ports    int32    // number in the chunk's port lists
	gone     bool     // rejected
	finished bool     // runs no more and will not again
}

// chunk reads consecutive workload objects. Its buffers are reused from object
// to object; its interners hold the labels and ports of the endpoints.
type chunk struct {
	report
	opt      *Options
	places   []int32 // of its objects
	fam      families
	labels   *interner[model.Label]
	ports    *interner[model.NamedPort]
	labelBuf []model.Label
	portBuf  []model.NamedPort
	addrs    []netip.Addr // the IPs of all records are cut from this
}

func newChunk(opt *Options, places []int32) *chunk {
	return &chunk{
		opt: opt, places: places, addrs: make([]netip.Addr, 0, len(places)),
		labels: newInterner(hashLabel), ports: newInterner(hashPort),
	}
}

// read fills the record of one object.
func (c *chunk) read(o *model.Object, rec *record) {
	r := reader{o: o, opt: c.opt}
	meta := o.Root.Get("metadata")
	rec.owner = controllerOf(meta)
	e := rec.endpoint
	e.Namespace, e.Name, e.Cluster, e.Object = namespaceOf(o), nameOf(o, meta), o.Cluster, o
	r.check()
	r.checkMeta(meta, subdomainName)
	if roleOf(o) == rolePod {
		c.pod(&r, rec)
	} else {
		c.template(&r, rec)
	}
	rec.gone = r.rejected
	if len(r.problems)+len(r.gaps) == 0 {
		return
	}
	c.problems = append(c.problems, r.problems...)
	if !rec.gone && !rec.finished {
		c.gaps = append(c.gaps, r.gaps...)
	}
}

// nameOf returns the object's name. One that the API server will generate is
// shown by its prefix.
func nameOf(o *model.Object, meta *manifest.Node) string {
	if o.Name != "" {
		return o.Name
	}
	return meta.Get("generateName").Str()
}

// pod reads a Pod. One that has run to its end has no network any more: it is
// neither peer nor subject. One that is being deleted still has it.
func (c *chunk) pod(r *reader, rec *record) {
	root := r.o.Root
	status := root.Get("status")
	switch status.Get("phase").Str() {
	case "Succeeded", "Failed":
		rec.finished = true
	case "Pending":
		rec.endpoint.NotReady = true
	}
	c.podMeta(r, rec, root.Get("metadata"), "metadata.labels")
	c.podSpec(r, rec, root.Get("spec"), "spec")
	if rec.finished {
		return
	}
	c.addresses(r, rec, status)
	if notReady(status) {
		rec.endpoint.NotReady = true
	}
	if present(root.Get("metadata").Get("deletionTimestamp")) {
		rec.endpoint.NotReady = true
		r.gap("metadata.deletionTimestamp", "the pod is terminating: Services send to it only while no other backend is left", true, false)
	}
}

// notReady tells whether the Ready condition is there and not true.
func notReady(status *manifest.Node) bool {
	for i := range items(status.Get("conditions")) {
		cond := &status.Get("conditions").Items[i]
		if cond.Get("type").Str() == "Ready" {
			return cond.Get("status").Str() != "True"
		}
	}
	return false
}

// podMeta reads the labels of a pod or of a template's pods.
func (c *chunk) podMeta(r *reader, rec *record, meta *manifest.Node, path string) {
	c.labelBuf = r.labels(c.labelBuf[:0], meta.Get("labels"), path)
	rec.hash, _ = model.Labels(c.labelBuf).Get("pod-template-hash")
	rec.labels = c.labels.id(c.labelBuf)
}

// addresses reads status.podIPs, or the older podIP. A pod on the host network
// has its node's addresses, which hostIPs also names.
func (c *chunk) addresses(r *reader, rec *record, status *manifest.Node) {
	from := len(c.addrs)
	c.addressList(r, status, "podIPs", "podIP")
	if len(c.addrs) == from && rec.endpoint.HostNetwork {
		c.addressList(r, status, "hostIPs", "hostIP")
	}
	if to := len(c.addrs); to > from {
		rec.endpoint.IPs = c.addrs[from:to:to]
	}
}

// addressList reads a list of {ip: address}, or the single field that came before it.
func (c *chunk) addressList(r *reader, status *manifest.Node, list, single string) {
	for i := range items(status.Get(list)) {
		if ip := status.Get(list).Items[i].Get("ip").Str(); ip != "" {
			c.address(r, ip, func() string { return index("status."+list, i) + ".ip" })
		}
	}
	if ip := status.Get(single).Str(); ip != "" && len(items(status.Get(list))) == 0 {
		c.address(r, ip, func() string { return "status." + single })
	}
}

func (c *chunk) address(r *reader, text string, path func() string) {
	a, ok := parseAddr(text)
	if !ok {
		r.reject(path(), "not an IP address: "+quote(text), "")
		return
	}
	c.addrs = append(c.addrs, a)
	c.fam.addr(a)
}
