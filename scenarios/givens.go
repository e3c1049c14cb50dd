package scenarios

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/profile"
)

func givens() []entry {
	return []entry{
		given(`the manifests in NAME`,
			"What the cluster holds: a directory, a file, an archive, a kustomization or a chart, relative to the feature file. May be said several times.",
			manifests, `Given the manifests in "shop/"`),
		given(`the network is NAME`,
			"Which implementation enforces the policies, such as calico or cilium; without it, the text of the APIs alone.",
			network, `Given the network is "calico"`),
		given(`pods have addresses in NAME`,
			"The addresses of pods whose address the manifests do not say.",
			podAddresses, `Given pods have addresses in "10.244.0.0/16"`),
		given(`the proposed change NAME`,
			"Objects that are created or replaced, as by kubectl apply. Statements after it hold for the cluster with the change. May be said several times.",
			proposed, `Given the proposed change "changes/lockdown.yaml"`),
		given(`the change deletes NAME`,
			"An object that the proposed change deletes, as Kind namespace/name.",
			deletes, `Given the change deletes "NetworkPolicy shop/allow-web"`),
	}
}

func manifests(_ context.Context, s *scenario, c call) error {
	src, err := s.source(unquote(c.args[0]))
	if err != nil {
		return err
	}
	s.setup.sources = append(s.setup.sources, src)
	s.given = append(s.given, s.current().place)
	return nil
}

func proposed(_ context.Context, s *scenario, c call) error {
	src, err := s.source(unquote(c.args[0]))
	if err != nil {
		return err
	}
	s.setup.changes = append(s.setup.changes, src)
	return nil
}

// source finds a path relative to the feature. "REF:PATH" is a path at a git ref.
func (s *scenario) source(name string) (string, error) {
	if name == "" {
		return "", inputError{error: errors.New("no path is given")}
	}
	if s.w.o.FS != nil {
		p := path.Join(filepath.ToSlash(s.dir), name)
		if _, err := fs.Stat(s.w.o.FS, p); err != nil {
			return "", missing(p)
		}
		return p, nil
	}
	p := name
	if !filepath.IsAbs(name) {
		p = filepath.Join(s.dir, name)
	}
	if _, err := os.Stat(p); err == nil {
		return p, nil
	}
	if strings.ContainsAny(name, "*?[") {
		return p, nil
	}
	if ref, _, ok := strings.Cut(name, ":"); ok && ref != "" {
		return name, nil
	}
	return "", missing(p)
}

func missing(p string) error {
	return inputError{error: fmt.Errorf("%s: no such file or directory (paths are relative to the feature file)", p)}
}

func network(_ context.Context, s *scenario, c call) error {
	s.setup.network = unquote(c.args[0])
	if _, err := profile.Parse(s.setup.network); err != nil {
		return inputError{error: err}
	}
	return nil
}

func podAddresses(_ context.Context, s *scenario, c call) error {
	text := unquote(c.args[0])
	if _, err := algebra.ParseAddrSet(text); err != nil {
		return inputError{error: err}
	}
	s.setup.cidrs = append(s.setup.cidrs, text)
	return nil
}

func deletes(_ context.Context, s *scenario, c call) error {
	ref, err := parseRef(unquote(c.args[0]))
	if err != nil {
		return inputError{error: err}
	}
	s.setup.deletes = append(s.setup.deletes, ref)
	return nil
}

// parseRef reads "Kind namespace/name" or "Kind name".
func parseRef(text string) (model.Ref, error) {
	kind, name, ok := strings.Cut(strings.TrimSpace(text), " ")
	name = strings.TrimSpace(name)
	if !ok || name == "" || strings.Contains(name, " ") {
		return model.Ref{}, fmt.Errorf("%q is not an object: want Kind namespace/name, such as NetworkPolicy shop/allow-web", text)
	}
	ref := model.Ref{Kind: kind, Name: name}
	if ns, n, ok := strings.Cut(name, "/"); ok {
		ref.Namespace, ref.Name = ns, n
	}
	return ref, nil
}
