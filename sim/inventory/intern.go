package inventory

import (
	"hash/maphash"
	"slices"

	"github.com/netfate/netfate/sim/model"
)

// interner gives equal slices one number and keeps one copy of each. The same
// few label sets and port lists stand on thousands of pods.
type interner[T comparable] struct {
	ids  map[uint64][]int32 // by hash
	list [][]T
	seed maphash.Seed
	hash func(seed maphash.Seed, x *T) uint64
}

func newInterner[T comparable](hash func(seed maphash.Seed, x *T) uint64) *interner[T] {
	return &interner[T]{ids: map[uint64][]int32{}, list: make([][]T, 1), seed: maphash.MakeSeed(), hash: hash}
}

// id returns the number of the slice. The slice is copied when it is new, so the
// caller may reuse it. The empty slice is number 0.
func (in *interner[T]) id(s []T) int32 {
	if len(s) == 0 {
		return 0
	}
	var sum uint64
	for i := range s {
		sum = sum*0x9e3779b97f4a7c15 + in.hash(in.seed, &s[i])
	}
	for _, id := range in.ids[sum] {
		if slices.Equal(in.list[id], s) {
			return id
		}
	}
	id := int32(len(in.list))
	in.list = append(in.list, slices.Clone(s))
	in.ids[sum] = append(in.ids[sum], id)
	return id
}

// share replaces slices that another interner also has by that one's, so that
// equal slices of all chunks are one.
func (in *interner[T]) share(with *interner[T]) {
	for i, s := range in.list {
		in.list[i] = with.list[with.id(s)]
	}
}

func hashLabel(seed maphash.Seed, l *model.Label) uint64 {
	return maphash.String(seed, l.Key)*31 + maphash.String(seed, l.Value)
}

func hashPort(seed maphash.Seed, p *model.NamedPort) uint64 {
	return maphash.String(seed, p.Name)*31 + uint64(p.Protocol)<<16 + uint64(p.Port)
}
