package request_test

import (
	"fmt"

	"github.com/netfate/netfate/sim/algebra/lang"
	"github.com/netfate/netfate/sim/algebra/request"
)

func Example() {
	sp, _ := request.NewSpace()
	get := sp.Atom(request.Method, lang.OneOf("GET", "HEAD"))
	api := sp.Atom(request.Path, lang.Prefix("/api/"))
	admin := sp.Atom(request.Path, lang.PathPrefix("/api/admin"))
	health := sp.Atom(request.Path, lang.Literal("/healthz"))

	allowed := sp.Union(sp.Intersect(get, sp.Minus(api, admin)), health)
	fmt.Println(sp.Format(allowed, 4))

	// Are all reads of the API allowed, and if not, which is the simplest that is not?
	missing := sp.Minus(sp.Intersect(get, api), allowed)
	witness, found := sp.Witness(missing)
	fmt.Println(found, sp.FormatRequest(witness))

	fmt.Println(sp.Union(allowed, sp.Intersect(get, admin)) == sp.Union(sp.Intersect(get, sp.Union(api, admin)), health))
	// Output:
	// GET,HEAD /api/* except /api/admin and /api/admin/*; * /healthz
	// true GET /api/admin
	// true
}
