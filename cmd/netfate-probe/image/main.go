// Command image writes the archive of the probe agent's image: "go run ./cmd/netfate-probe/image -o FILE" in a checkout.
// It prints the image's name.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"

	"github.com/netfate/netfate/clusters/probeimage"
)

func main() {
	out := flag.String("o", "netfate-probe.tar", "file to write")
	arch := flag.String("arch", runtime.GOARCH, "architecture of the nodes")
	flag.Parse()
	ref, err := write(context.Background(), *out, *arch)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
	fmt.Println(ref)
}

func write(ctx context.Context, out, arch string) (string, error) {
	p := probeimage.Default()
	p.Executable, p.Arch = "", arch // what is beside this program is nothing
	binary, err := probeimage.Find(ctx, p)
	if err != nil {
		return "", err
	}
	ref := probeimage.Ref(binary)
	return ref, probeimage.WriteFile(out, binary, ref)
}
