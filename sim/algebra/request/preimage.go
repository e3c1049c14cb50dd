package request

import (
	"fmt"

	"github.com/netfate/netfate/sim/algebra/lang"
)

// Preimage returns the requests that are in s once the value of a scalar dimension has
// been changed. of returns, for a language, the values that are in it once they have
// been changed; of two that have nothing in common it returns two such. A value that
// it returns for no language is of requests that are in no such set. For a dimension
// of another kind the set is not known.
func (sp *Space) Preimage(s Set, dim string, of func(lang.Lang) lang.Lang) Set {
	n, err := sp.dim(dim)
	if err == nil && sp.dims[n].Kind != Scalar {
		err = fmt.Errorf("dimension %q has no value in every request", dim)
	}
	if err != nil {
		return sp.Undetermined(err)
	}
	codes := sp.dims[n].codes
	return sp.replace(s, n, func(classes lang.Map) int32 {
		out := noneID
		for _, next := range classes.Values() {
			if next == outside || next == noneID {
				continue
			}
			changed := sp.coded(n, of(classes.Lang(next)).Intersect(codes))
			out = sp.apply(union, out, sp.apply(intersect, changed.id, next))
		}
		return out
	})
}
