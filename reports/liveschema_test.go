package reports_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/netfate/netfate/clusters/observation"
)

// TestLiveProtocols asserts that the schemas of what live commands write have the protocols of observations.
func TestLiveProtocols(t *testing.T) {
	want := []string{observation.TCP, observation.UDP, observation.SCTP, observation.ICMP, observation.ICMPv6}
	found := 0
	files, err := filepath.Glob("schema/live-*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"protocol": \{"enum": (\[[^]]*\])`).FindAllSubmatch(text, -1) {
			var got []string
			if err := json.Unmarshal(m[1], &got); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", name, got, want)
			}
			found++
		}
	}
	if found < 3 {
		t.Errorf("%d schemas have protocols, want those of diff, matrix and evidence", found)
	}
}
