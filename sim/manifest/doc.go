// Package manifest reads Kubernetes manifests: from bytes to a tree that knows the line and column of
// every value, and from the tree to Go types, strictly.
//
//	bytes ──Parse──► []Document ──Expand──► one per object ──Decode──► Go value
//	                     │ Root *Node (kind, position, text, items, keys)
//	                     └─ Errors with file:line:col, and the documents that are fine
//
// A document takes one of three ways, and all three give the same tree:
//
//   - JSON text is read by a JSON parser (jsondoc.go, jsonscalar.go).
//   - YAML in the subset that manifests are written in is read by a fast parser (block.go, flow.go,
//     scalar.go, blockscalar.go). It gives up on whatever it is not certain about: it never guesses.
//   - What it gave up on is read by go.yaml.in/yaml/v3 (slow.go, slowmap.go): anchors, aliases, tags, merge keys,
//     directives, plain scalars over several lines. Broken documents end here too and get their error.
//
// What a scalar means is decided in one place (resolve.go), by the YAML 1.1 rules of the library that
// Kubernetes uses, so that "on" is a boolean and 0x1F is 31, as the API server reads them. The tests
// compare every way with sigs.k8s.io/yaml.
//
// Where Parse differs from sigs.k8s.io/yaml, it is stricter: a key given twice is an error, as it is to the
// API server; so are text behind a document's value, which the library does not look at, !!binary that
// is not UTF-8, and what exceeds the Limits. A document that is JSON has JSON's escapes and numbers, as
// kubectl reads it. Merge keys act in the order of the file, as in the library: one that stands below a
// key of the map overrides it. What follows "..." is a document of its own.
//
// Reviewers should look for: a byte the fast parser accepts without a rule for it; a position that is
// not the first byte of its value; work that grows faster than the input.
package manifest
