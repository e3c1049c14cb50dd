package inventory

import "github.com/netfate/netfate/sim/model"

// readWorkloads turns pods and templates into endpoints. Objects are read in the
// order in which they lie in memory, each into its place in the order of names;
// the places of those that are no endpoint after all are closed up.
func (b *builder) readWorkloads(objects []*model.Object) {
	places, n := b.places(objects)
	endpoints := make([]model.Endpoint, n)
	records := make([]record, n)
	chunks := inChunks(len(objects), func(lo, hi int) *chunk {
		c := newChunk(&b.opt, places[lo:hi])
		for i, o := range objects[lo:hi] {
			if at := c.places[i]; at >= 0 {
				records[at].endpoint = &endpoints[at]
				c.read(o, &records[at])
			}
		}
		return c
	})
	b.joinChunks(chunks, records)
	b.res.Endpoints = closeUp(endpoints, records)
}

// places returns the place of each object in the order of names, -1 for those
// that are there a second time, and how many places there are.
func (b *builder) places(objects []*model.Object) (places []int32, n int) {
	sorted := b.sorted(objects)
	places = make([]int32, len(objects))
	for i := range places {
		places[i] = -1
	}
	for i := range sorted {
		places[sorted[i].at] = int32(i)
	}
	return places, len(sorted)
}

// joinChunks gives the records the label sets and port lists that all chunks
// share.
func (b *builder) joinChunks(chunks []*chunk, records []record) {
	for _, c := range chunks {
		if c != chunks[0] {
			c.labels.share(chunks[0].labels)
			c.ports.share(chunks[0].ports)
		}
		for _, at := range c.places {
			if at >= 0 {
				rec := &records[at]
				rec.endpoint.Labels = c.labels.list[rec.labels]
				rec.endpoint.Ports = c.ports.list[rec.ports]
			}
		}
		b.take(&c.report)
		b.fam.join(c.fam)
	}
}

// closeUp keeps the endpoints that are some, in place.
func closeUp(endpoints []model.Endpoint, records []record) []model.Endpoint {
	w := newOwners(records)
	kept := 0
	for i := range records {
		if !w.adds(&records[i]) {
			continue
		}
		if kept != i {
			endpoints[kept] = endpoints[i]
		}
		kept++
	}
	clear(endpoints[kept:])
	return endpoints[:kept]
}
