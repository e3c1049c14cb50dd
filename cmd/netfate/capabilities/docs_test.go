package capabilities_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/netfate/netfate/cmd/netfate/capabilities"
)

// TestDocsAreFresh fails when the generated pages are not what the code says.
func TestDocsAreFresh(t *testing.T) {
	for name, write := range capabilities.Pages() {
		var want bytes.Buffer
		if err := write(&want); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("../../../docs", name))
		if err != nil || !bytes.Equal(got, want.Bytes()) {
			t.Errorf("docs/%s is stale: make generate writes it anew (%v)", name, err)
		}
	}
}
