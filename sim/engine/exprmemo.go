package engine

import (
	"hash/maphash"
	"slices"

	"github.com/netfate/netfate/sim/model"
)

// exprMemo numbers expressions by content: translators make a new one for each
// selector, and most say the same as another.
type exprMemo struct {
	seed  maphash.Seed
	ids   map[uint64][]int32
	exprs []*model.Expr
}

func newExprMemo() exprMemo {
	return exprMemo{seed: maphash.MakeSeed(), ids: map[uint64][]int32{}}
}

// id returns the number of an expression, and whether it is new.
func (x *exprMemo) id(e *model.Expr) (id int32, isNew bool) {
	h := x.hash(e)
	for _, id := range x.ids[h] {
		if sameExpr(x.exprs[id], e) {
			return id, false
		}
	}
	id = int32(len(x.exprs))
	x.exprs = append(x.exprs, e)
	x.ids[h] = append(x.ids[h], id)
	return id, true
}

func (x *exprMemo) hash(e *model.Expr) uint64 {
	if e == nil {
		return 0
	}
	const prime = 0x9e3779b97f4a7c15
	h := (uint64(e.Op)+1)*prime ^ maphash.String(x.seed, e.Key)
	for _, v := range e.Values {
		h = h*prime + maphash.String(x.seed, v)
	}
	for _, a := range e.Args {
		h = h*prime + x.hash(a)
	}
	return h
}

func sameExpr(a, b *model.Expr) bool {
	if a == nil || b == nil || a == b {
		return a == b
	}
	return a.Op == b.Op && a.Key == b.Key && slices.Equal(a.Values, b.Values) && slices.EqualFunc(a.Args, b.Args, sameExpr)
}
