//go:build unix

package collect

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestUnreadableFiles(t *testing.T) {
	dir := unpack(t, "-- d/a.yaml --\n"+namespaceYAML("a")+"-- d/b.yaml --\n"+namespaceYAML("b"))
	if err := syscall.Mkfifo(filepath.Join(dir, "d/pipe.yaml"), 0o644); err != nil {
		t.Skip("SKIPPED: no pipes here: ", err)
	}
	if os.Getuid() != 0 {
		if err := os.Chmod(filepath.Join(dir, "d/b.yaml"), 0); err != nil {
			t.Fatal(err)
		}
		expect(t, collected(t, dir, "d"), `
Namespace a d/a.yaml:1
error: d/pipe.yaml: this is a device, a pipe or a socket, not a file; skipped
error: d/b.yaml: permission denied
broken: "" / d/b.yaml:0`)
		return
	}
	expect(t, collected(t, dir, "d"), `
Namespace a d/a.yaml:1
Namespace b d/b.yaml:1
error: d/pipe.yaml: this is a device, a pipe or a socket, not a file; skipped`)
}
