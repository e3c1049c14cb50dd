package probeimage

import (
	"debug/elf"
	"errors"
	"fmt"
	"io"
)

// arches are the machines that netfate's agent is built for, by their names in images.
func arches() map[elf.Machine]string {
	return map[elf.Machine]string{
		elf.EM_X86_64: "amd64", elf.EM_AARCH64: "arm64", elf.EM_S390: "s390x", elf.EM_PPC64: "ppc64le", elf.EM_RISCV: "riscv64", elf.EM_ARM: "arm", elf.EM_386: "386",
	}
}

// Arch returns the architecture of a binary that can run from an empty image. The error says what it is not.
func Arch(r io.ReaderAt) (string, error) {
	f, err := elf.NewFile(r)
	if err != nil {
		return "", errors.New("not a program for Linux: build it with GOOS=linux CGO_ENABLED=0")
	}
	defer f.Close() //nolint:errcheck // the reader is the caller's
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			return "", errors.New("linked dynamically, which an empty image has no loader for: build it with CGO_ENABLED=0")
		}
	}
	arch, ok := arches()[f.Machine]
	if !ok {
		return "", fmt.Errorf("a program for %s, which no image of netfate is made for", f.Machine)
	}
	return arch, nil
}
