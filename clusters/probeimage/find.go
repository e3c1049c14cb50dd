package probeimage

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// BinaryName is the agent's file beside netfate's own.
const BinaryName = "netfate-probe"

// modulePath and packagePath are where the agent is built from.
const (
	modulePath  = "github.com/netfate/netfate"
	packagePath = "./cmd/netfate-probe"
)

// Places say where to look. The zero value looks nowhere.
type Places struct {
	Executable string // netfate's own file: the agent is beside it
	Dir        string // the working directory: the agent is built if it is in a checkout of netfate
	Cache      string // where that build goes
	Arch       string // the architecture of the nodes, that of this machine if empty
}

// Default returns the places of this process.
func Default() Places {
	p := Places{}
	p.Executable, _ = os.Executable() // a place that is not known is not looked at
	if real, err := filepath.EvalSymlinks(p.Executable); err == nil {
		p.Executable = real
	}
	p.Dir, _ = os.Getwd()
	if cache, err := os.UserCacheDir(); err == nil {
		p.Cache = filepath.Join(cache, "netfate")
	}
	return p
}

// Find returns the agent's binary: the file netfate-probe beside netfate, or one built with "go build" where
// the working directory is in a checkout of netfate. The error says what to do.
func Find(ctx context.Context, p Places) ([]byte, error) {
	if p.Arch == "" {
		p.Arch = runtime.GOARCH
	}
	if p.Executable != "" {
		name := filepath.Join(filepath.Dir(p.Executable), BinaryName)
		data, err := os.ReadFile(name)
		switch {
		case err == nil:
			return data, p.check(name, data)
		case !errors.Is(err, os.ErrNotExist):
			return nil, fmt.Errorf("cannot read the probe agent: %w", err)
		}
	}
	if root := checkout(p.Dir); root != "" && p.Cache != "" {
		return p.build(ctx, root)
	}
	return nil, p.none()
}

func (p *Places) check(name string, data []byte) error {
	arch, err := Arch(bytes.NewReader(data))
	if err == nil && arch != p.Arch {
		err = fmt.Errorf("a program for %s, and the nodes are %s: build it with GOARCH=%s", arch, p.Arch, p.Arch)
	}
	if err != nil {
		return fmt.Errorf("the probe agent %s: %w", name, err)
	}
	return nil
}

func (p *Places) none() error {
	beside := "beside netfate"
	if p.Executable != "" {
		beside = "in " + filepath.Dir(p.Executable)
	}
	return fmt.Errorf("no probe agent: there is no %s %s, and this is no checkout of netfate to build it in. "+
		"Put it there (CGO_ENABLED=0 GOOS=linux GOARCH=%s go install %s/cmd/netfate-probe@VERSION builds it), "+
		"or name an image that has it with --probe-image", BinaryName, beside, p.Arch, modulePath)
}

// checkout returns the root of the checkout of netfate that a directory is in.
func checkout(dir string) string {
	for dir != "" {
		if data, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil {
			for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
				if strings.TrimSpace(s.Text()) == "module "+modulePath {
					return dir
				}
			}
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
	return ""
}

func (p *Places) build(ctx context.Context, root string) ([]byte, error) {
	out := filepath.Join(p.Cache, BinaryName+"-"+p.Arch)
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-buildvcs=false", "-o", out, packagePath)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+p.Arch)
	if text, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("cannot build the probe agent in %s: %w: %s", root, err, bytes.TrimSpace(text))
	}
	return os.ReadFile(out)
}
