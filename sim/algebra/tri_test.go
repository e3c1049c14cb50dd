package algebra

import "testing"

func TestTriIsKleeneLogic(t *testing.T) {
	// Maybe is either: the answer is certain exactly when it is the same for both.
	cases := map[Tri][]bool{No: {false}, Yes: {true}, Maybe: {false, true}}
	fold := func(t, u Tri, f func(x, y bool) bool) Tri {
		first, mixed := f(cases[t][0], cases[u][0]), false
		for _, x := range cases[t] {
			for _, y := range cases[u] {
				mixed = mixed || f(x, y) != first
			}
		}
		if mixed {
			return Maybe
		}
		return TriOf(first)
	}
	for x := No; x <= Yes; x++ {
		for y := No; y <= Yes; y++ {
			if got, want := x.And(y), fold(x, y, func(a, b bool) bool { return a && b }); got != want {
				t.Errorf("%v and %v = %v, want %v", x, y, got, want)
			}
			if got, want := x.Or(y), fold(x, y, func(a, b bool) bool { return a || b }); got != want {
				t.Errorf("%v or %v = %v, want %v", x, y, got, want)
			}
		}
		if got, want := x.Not(), fold(x, x, func(a, _ bool) bool { return !a }); got != want {
			t.Errorf("not %v = %v, want %v", x, got, want)
		}
	}
	if got := No.String() + Maybe.String() + Yes.String(); got != "nomaybeyes" {
		t.Errorf("texts: %s", got)
	}
}
