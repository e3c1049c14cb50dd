package inventory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// named is an object with the first bytes of its name, which decide most
// comparisons without a look at the object.
type named struct {
	prefix uint64
	at     int32 // its index before sorting
	o      *model.Object
}

// byName returns the objects by namespace and name, without those that are there
// a second time.
func (b *builder) byName(objects []*model.Object) []*model.Object {
	sorted := b.sorted(objects)
	out := make([]*model.Object, len(sorted))
	for i := range sorted {
		out[i] = sorted[i].o
	}
	return out
}

// sorted sorts objects by namespace and name and reports and leaves out those
// that are there a second time. Namespaces are put apart first: what is left to
// sort is short and often sorted.
func (b *builder) sorted(objects []*model.Object) []named {
	names, lists := bySpace(objects)
	slices.Sort(names)
	out := make([]named, 0, len(objects))
	for _, ns := range names {
		list := lists[ns]
		if !slices.IsSortedFunc(list, compareNames) {
			slices.SortFunc(list, compareNames)
		}
		for i := range list {
			if n := len(out); n > 0 && sameObject(out[n-1].o, list[i].o) {
				b.duplicate(list[i].o, out[n-1].o)
				continue
			}
			out = append(out, list[i])
		}
	}
	return out
}

// bySpace puts objects apart by namespace.
func bySpace(objects []*model.Object) (names []string, lists map[string][]named) {
	lists = map[string][]named{}
	for from := 0; from < len(objects); {
		ns, to := namespaceOf(objects[from]), from+1
		for to < len(objects) && namespaceOf(objects[to]) == ns {
			to++
		}
		list, known := lists[ns]
		if !known {
			names = append(names, ns)
		}
		list = slices.Grow(list, to-from)
		for i, o := range objects[from:to] {
			list = append(list, named{prefixOf(o.Name), int32(from + i), o})
		}
		lists[ns] = list
		from = to
	}
	return names, lists
}

func compareNames(x, y named) int {
	if x.prefix != y.prefix {
		return cmp.Compare(x.prefix, y.prefix)
	}
	return cmp.Or(
		strings.Compare(x.o.Name, y.o.Name),
		strings.Compare(x.o.Cluster, y.o.Cluster),
		strings.Compare(x.o.Kind, y.o.Kind),
		cmp.Compare(x.at, y.at))
}

// prefixOf returns the first eight bytes as a number of the same order.
func prefixOf(s string) uint64 {
	if len(s) >= 8 {
		return uint64(s[7]) | uint64(s[6])<<8 | uint64(s[5])<<16 | uint64(s[4])<<24 |
			uint64(s[3])<<32 | uint64(s[2])<<40 | uint64(s[1])<<48 | uint64(s[0])<<56
	}
	var n uint64
	for i := range len(s) {
		n |= uint64(s[i]) << (56 - 8*i)
	}
	return n
}

// sameObject tells whether two objects are of one kind and name.
func sameObject(a, b *model.Object) bool {
	return a.Name == b.Name && a.Name != "" && a.Kind == b.Kind && a.APIVersion == b.APIVersion &&
		namespaceOf(a) == namespaceOf(b) && a.Cluster == b.Cluster
}

// duplicate reports an object whose name is taken: the API server would refuse
// to create it.
func (b *builder) duplicate(o, first *model.Object) {
	r := reader{o: o}
	where := first.At("").Place()
	if where != "" {
		where = "first declared at " + where
	}
	r.reject("", "already exists", where)
	b.take(&r.report)
}
