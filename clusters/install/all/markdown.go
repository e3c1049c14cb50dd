package all

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/clusters/install"
)

// Markdown returns the page docs/live-networks.md: what was run of each installer,
// from the installers' own proofs.
func Markdown() string {
	var b strings.Builder
	b.WriteString("# Networks, meshes and gateways for `netfate live up`\n\n" +
		"\"" + string(install.Ran) + "\": it ran in a cluster, and what its traffic did is recorded. \"" + string(install.Never) + "\": the installer was\n" +
		"only written; expect to adjust it, and conclude nothing about how its network or mesh behaves.\n" +
		"Sources are the vendors' own, pinned by version; a digest is recorded when a source is fetched first and must stay the same.\n" +
		"`make generate` writes this page from the installers in `clusters/install`.\n\n" +
		"| role | name | version | tried | where, when, what |\n|---|---|---|---|---|\n")
	for _, i := range Installers() {
		for _, p := range i.Proofs() {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", i.Role(), i.Name(), p.Version, p.What, words(&p))
		}
	}
	return b.String()
}

// words is the last cell of a proof.
func words(p *install.Proof) string {
	var parts []string
	if p.Date != "" {
		parts = append(parts, p.Date+", "+p.Where)
	}
	if p.Note != "" {
		parts = append(parts, p.Note)
	}
	if p.Recorded != "" {
		parts = append(parts, fmt.Sprintf("records: `sim/testdata/observed/%s`", p.Recorded))
	}
	return strings.Join(parts, "; ")
}
