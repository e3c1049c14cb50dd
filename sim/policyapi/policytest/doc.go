// Package policytest tests translators with golden files, one behaviour each.
//
// A golden file is a txtar archive: a sentence that says what is shown, one or
// more manifests (*.yaml), and a file "want PROFILE" for each profile to
// translate under, which holds the policies as [Dump] writes them. A profile
// may have settings ("want cilium{policyCIDRMatchMode=pods}"); "lenient" after
// it makes unknown fields warnings. Run the tests with -update to write what is
// wanted anew.
package policytest
