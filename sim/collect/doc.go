// Package collect reads manifests, wherever they are, into a Snapshot.
//
//	sources ──resolve──► inputs ──parse, in parallel──► documents ──merge──► Snapshot
//	(directory, file, glob, stdin, archive,             (sim/manifest)      one object per name,
//	 kustomization, chart, git ref, snapshot)                               kinds nobody reads counted
//
// A source that cannot be read at all is an error of Collect: nothing was analysed. Whatever is wrong
// with one file or one document is a [model.Problem] and the rest goes on; a document that might have
// had an effect on traffic is also listed as [model.Broken], so that verdicts can say so.
//
// Nothing is fetched from the network, no work tree is touched, and Secrets are never kept. Work and
// memory are bounded by [Limits], whatever the input.
//
// Origins are named as the user typed the source: "deploy/web.yaml", "main:deploy/web.yaml",
// "all.tar.gz!web.yaml", "<stdin>", "shop/templates/web.yaml (rendered)".
//
// [Save] writes a snapshot archive, a source like any other; [Strip] says what it leaves out.
package collect
