package all_test

import (
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netfate/netfate/clusters/install"
	"github.com/netfate/netfate/clusters/install/all"
	"github.com/netfate/netfate/sim/profile"
)

// TestInstallers: each has a name of its own, versions, sources over https, proofs, and a profile that exists.
func TestInstallers(t *testing.T) {
	seen := map[string]bool{}
	for _, i := range all.Installers() {
		if seen[i.Name()] || i.Title() == "" || len(i.Versions()) == 0 {
			t.Errorf("%s: it is there twice, or has no title or versions", i.Name())
		}
		seen[i.Name()] = true
		if i.Role() == install.Network && i.Profile() != "" {
			if _, err := profile.Parse(i.Profile()); err != nil {
				t.Errorf("%s: %v", i.Name(), err)
			}
		}
		proven(t, i)
		r, ok := i.(*install.Recipe)
		if !ok {
			continue
		}
		names := map[string]bool{}
		for _, s := range r.Sources("1.2.3") {
			u, err := url.Parse(s.URL)
			if len(s.Data) == 0 && (err != nil || u.Scheme != "https" || !strings.Contains(s.URL, "1.2.3")) {
				t.Errorf("%s: %q is no pinned address", i.Name(), s.URL)
			}
			if names[s.Name] || s.Name != path.Base(s.Name) || len(s.Data) == 0 && !strings.Contains(s.Name, "1.2.3") {
				t.Errorf("%s: the file name %q", i.Name(), s.Name)
			}
			names[s.Name] = true
		}
	}
}

// proven: an installer says of a version whether it ran, and what ran has records.
func proven(t *testing.T, i install.Installer) {
	t.Helper()
	if len(i.Proofs()) == 0 {
		t.Errorf("%s does not say what was tried", i.Name())
	}
	for _, p := range i.Proofs() {
		ran := p.What == install.Ran
		if p.Version == "" || ran == (p.Where == "") || ran == (p.Date == "") || ran == (p.Recorded == "") {
			t.Errorf("%s: a proof has place, date and records where it ran, and there alone: %+v", i.Name(), p)
		}
		if list, err := filepath.Glob(filepath.Join("../../../sim/testdata/observed", p.Recorded, "*.txtar")); ran && (err != nil || len(list) == 0) {
			t.Errorf("%s: it is said to have run, and sim/testdata/observed/%s holds nothing", i.Name(), p.Recorded)
		}
	}
}

func TestChoose(t *testing.T) {
	for _, c := range []struct{ text, want, problem string }{
		{"cilium", "cilium 1.20.2", ""},
		{"cilium@v1.20.1", "cilium 1.20.1", ""},
		{"ciliun", "", `did you mean "cilium"?`},
		{"cilium@latest", "", `"latest" is no version: want digits and dots; known are 1.20.2`},
		{"istio", "", `no network "istio": there are cilium, calico, antrea, ovn-kubernetes, kube-router, kindnet, reference, netd`},
	} {
		got, err := all.Choose(install.Network, c.text)
		switch {
		case c.problem == "" && (err != nil || got.String() != c.want):
			t.Errorf("%s: %s, %v", c.text, got, err)
		case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)):
			t.Errorf("%s: error %v, want %q", c.text, err, c.problem)
		}
	}
}
