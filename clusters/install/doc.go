// Package install puts networks, meshes and gateways into clusters, each as its
// vendor delivers it.
//
//	Installer ─► Sources ─► Fetcher ─► Render (Helm chart, manifest) ─► apply ─► Ready
//	(one package   (URL,      (cache, lock file,
//	 each, below)   version)   --manifests DIR)
//
// A [Source] is pinned by version, and by digest where the digest is known. Where
// it is not, the first fetch records it in a lock file and every later one must
// match. Nothing is ever fetched from anywhere but the vendor's own address, or
// taken from the directory that the user names.
//
// What was run here and what was only rendered is told by [Proof], which the
// documentation's table is made from.
package install
