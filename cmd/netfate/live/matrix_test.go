package live

import (
	"slices"
	"strings"
	"testing"

	"github.com/netfate/netfate/clusters/diff"
)

// TestNames: networks or clusters, at least two, none twice.
func TestNames(t *testing.T) {
	for _, c := range []struct {
		networks, clusters []string
		want               string // of the error, or the names
	}{
		{[]string{"cilium", "calico"}, nil, "cilium calico"},
		{[]string{"cilium@1.20.1", "cilium@1.20.2"}, nil, "cilium@1.20.1 cilium@1.20.2"},
		{nil, []string{"a", "b"}, "a b"},
		{[]string{"cilium"}, nil, "at least two"},
		{nil, nil, "at least two"},
		{[]string{"cilium", "calico"}, []string{"a", "b"}, "either"},
		{[]string{"cilium", "cilium"}, nil, "--networks names cilium twice"},
		{nil, []string{"a", "netfate-a"}, "--clusters names netfate-a twice"},
		{nil, []string{"a", "B"}, `--clusters: "B" cannot be the name of a cluster`},
	} {
		f := &matrixFlags{networks: c.networks, clusters: c.clusters}
		got, err := f.names()
		text := strings.Join(got, " ")
		if err != nil {
			text = err.Error()
		}
		if !strings.Contains(text, c.want) {
			t.Errorf("%v %v: %s, want %s", c.networks, c.clusters, text, c.want)
		}
	}
}

// TestTellApart: two clusters of one network are told apart by their own names, others are not burdened with them.
func TestTellApart(t *testing.T) {
	engines := []diff.Engine{{Name: "cilium 1"}, {Name: "calico 3"}, {Name: "cilium 1"}}
	tellApart(engines, []string{"netfate-a", "netfate-b", "netfate-c"})
	var got []string
	for _, e := range engines {
		got = append(got, e.Name)
	}
	if !slices.Equal(got, []string{"cilium 1 (netfate-a)", "calico 3", "cilium 1 (netfate-c)"}) {
		t.Errorf("got %q", got)
	}
}
