// Command mkimage writes a container image of one layer from a directory, without a
// container engine or a registry: an archive as "docker load" and "ctr images import"
// read it. The same directory gives the same bytes: times are zero, owners are root.
//
//	mkimage OUT.tar NAME:TAG DIRECTORY [ENTRYPOINT...]
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: mkimage OUT.tar NAME:TAG DIRECTORY [ENTRYPOINT...]")
		os.Exit(1)
	}
	if err := write(os.Args[1], os.Args[2], os.Args[3], os.Args[4:]); err != nil {
		fmt.Fprintln(os.Stderr, "mkimage:", err)
		os.Exit(1)
	}
}
