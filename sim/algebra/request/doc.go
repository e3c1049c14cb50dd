// Package request holds exact sets of requests: what a rule of layer 7 matches, what a gateway serves,
// what nobody may do.
//
// # Requests
//
// A request gives one value to each of a list of dimensions: its method, its path, a header, a claim of
// its token. A [Dim] is of one [Kind]:
//
//	Scalar    every request has a value: method, scheme, host, path
//	Optional  a value or none: a header, a query parameter, the peer's principal, the token
//	List      any number of values, often none: the token's audiences, a claim
//
// and has a domain, the values that a request may have at all: a path begins with a slash, a host has
// no capital letters. [Standard] lists the usual dimensions; headers, query parameters and claims join
// a [Space] when they are first named, as "header:x-env", "query:page" and "claim:groups". A request
// that does not say a dimension's value has its default: "GET", "http", "/", no header.
//
// # Sets
//
// A [Set] is a value of one Space and means the requests of the Space's domains for which a condition
// holds. [Space.Atom] is a condition on one dimension: the value is present and in a language, or for
// a list, one of its values is. So an atom does not hold where the dimension is absent, and its
// complement does. Everything else is made from atoms by [Space.Union], [Space.Intersect],
// [Space.Minus] and [Space.Complement]. A dimension that a set does not name may have any value.
//
// Dimensions are independent of each other. What no real request has, such as a claim without a token,
// is cut off by [Space.Consistent], which is a set like others.
//
// # Representation
//
// A Set is a node of a decision diagram over the dimensions in their order in the Space. A node divides
// the values of its dimension by a [lang.Map] into classes, each leading to another node; classes are
// disjoint, cover the domain, and lead to different nodes. A node whose classes would all lead to one
// node is that node. Nodes are kept once. Therefore the representation is canonical: two sets of a Space
// hold the same requests exactly when they are equal with ==, and the empty set is the zero Set.
//
//	path ──/healthz──────────────────────────► all
//	     ├─/api/*──────► method ──GET,HEAD───► all
//	     │                      └─other──────► none
//	     └─other─────────────────────────────► none
//
// Values are encoded as texts: an absent one as the byte 0, and a list as its values with a byte 0
// behind each. No present value holds a byte 0; a request with one is in no set that looks at it.
//
// # Limits
//
// An operation that would make more than [MaxSteps] states, a Space that would pass [MaxNodes] nodes, a
// language with an error and a dimension that is not known make a set that stands for one that could
// not be computed. [Space.Err] tells why; all that is computed from it is like it. Such a set answers
// false to every question: look at Err before a false is taken for an answer.
//
// # Concurrency
//
// Operations write to the Space, so one goroutine builds. Questions ([Space.Contains], [Space.Witness],
// [Space.Boxes], [Space.Format], [Space.Dims], [Space.Err]) only read, and any number of goroutines may
// ask at once while nobody builds. [Space.Clone] costs next to nothing and grows on its own.
package request
