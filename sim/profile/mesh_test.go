package profile_test

import (
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/profile"
)

func TestMeshStatementsHaveEvidence(t *testing.T) {
	rows := map[string]string{
		"istio-sidecar":   "M3 M4 M5 M6 M7 M8 M9 M13 M15 M16 M17 M22 M23 M25 M26 M27",
		"istio-proxyless": "M3 M5 M8 M9 M13 M15 M16 M17 M22 M23 M26 M27",
	}
	for _, p := range profile.Meshes() {
		list := append([]model.Statement{p.StreamAllow.Statement, p.StreamDeny.Statement, p.RootSelector.Statement,
			p.TargetRefs.Statement, p.DryRun.Statement, p.UnknownHosts.Statement, p.EmptyAllow.Statement, p.Custom.Statement,
			p.Templates.Statement, p.Tokens.Statement, p.Forwarded.Statement, p.Aliases.Statement, p.Normalized.Statement,
			p.AutoTLS.Statement, p.OwnTLS.Statement, p.Permissive.Statement, p.PermissiveAnnounced.Statement}, p.Facts...)
		seen := map[string]bool{}
		for _, s := range list {
			if s.Row == "" || s.Text == "" || s.Confidence == "" {
				t.Errorf("%s: a statement without row, mark or sentence: %+v", p.Name, s)
			}
			if seen[s.Row] {
				t.Errorf("%s: row %s is there twice", p.Name, s.Row)
			}
			seen[s.Row] = true
		}
		for _, row := range strings.Fields(rows[p.Name]) {
			if !seen[row] {
				t.Errorf("%s says nothing on row %s", p.Name, row)
			}
		}
	}
}

func TestParseMesh(t *testing.T) {
	for text, wrong := range map[string]string{
		"istio-sidecar": "", "istio-sidecar@1.31": "", "istio-proxyless": "", "istio-sidecar@v1.31.2": "", "istio-sidecar@1": "",
		"istio-sidecar@1.20": "there is none for 1.20", "istio-sidecars": `did you mean "istio-sidecar"?`, "linkerd": "no mesh profile",
	} {
		p, err := profile.ParseMesh(text)
		switch {
		case wrong == "" && (err != nil || p.Name != strings.Split(text, "@")[0]):
			t.Errorf("%s: %v, %v", text, p, err)
		case wrong != "" && (err == nil || !strings.Contains(err.Error(), wrong)):
			t.Errorf("%s: error %v, want one that says %q", text, err, wrong)
		}
	}
}
