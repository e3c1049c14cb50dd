package collect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/strvals"
	"sigs.k8s.io/yaml"

	"github.com/netfate/netfate/sim/manifest"
)

// kubeVersion is the cluster that charts are told they are rendered for.
const kubeVersion = "v1.36.0"

// chart renders a Helm chart and adds what it makes, one input for each template. Nothing is looked up
// in a cluster or on the network.
func (r *resolver) chart(ctx context.Context, t *tree, cluster string) error {
	files, err := r.chartFiles(ctx, t)
	if err != nil {
		return fmt.Errorf("chart %s: %w", t.title(), err)
	}
	texts, err := guarded(ctx, func() (map[string]string, error) { return r.render(files) })
	if err != nil {
		return fmt.Errorf("chart %s: %w", t.title(), err)
	}
	for _, name := range sortedKeys(texts) {
		base := path.Base(name)
		if strings.HasPrefix(base, "_") || base == "NOTES.txt" || strings.TrimSpace(texts[name]) == "" {
			continue
		}
		_, rel, _ := strings.Cut(name, "/") // the chart's name comes first
		text := []byte(texts[name])
		r.add(input{
			name: t.prefix + rel + " (rendered)", cluster: cluster, namespace: r.o.ReleaseNamespace, rendered: true,
			read: func(context.Context) ([]byte, error) { return text, nil },
		})
	}
	return nil
}

// chartFiles reads the files of a chart, apart from those that .helmignore names.
func (r *resolver) chartFiles(ctx context.Context, t *tree) ([]*loader.BufferedFile, error) {
	ignore := ignoreRules{}
	if f := t.file(helmIgnoreFile); f != nil {
		data, err := f.read(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.path, err)
		}
		ignore = parseIgnore(string(data))
	}
	var files []*loader.BufferedFile
	left := r.o.Limits.ArchiveBytes
	for _, f := range t.files {
		if ignore.match(f.path) || f.path == helmIgnoreFile {
			continue
		}
		data, err := f.read(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.path, err)
		}
		if left -= int64(len(data)); left < 0 {
			return nil, fmt.Errorf("the chart holds more than %s", byteCount(r.o.Limits.ArchiveBytes))
		}
		files = append(files, &loader.BufferedFile{Name: f.path, Data: data})
	}
	return files, nil
}

// render returns the rendered templates by name.
func (r *resolver) render(files []*loader.BufferedFile) (map[string]string, error) {
	c, err := loader.LoadFiles(files)
	if err != nil {
		return nil, err
	}
	if c.Metadata.Type == "library" {
		return nil, errors.New("it is a library chart, which renders nothing by itself: name a chart that uses it")
	}
	if err := missingDependency(c); err != nil {
		return nil, err
	}
	values, err := r.values()
	if err != nil {
		return nil, err
	}
	if err := chartutil.ProcessDependenciesWithMerge(c, values); err != nil {
		return nil, err
	}
	caps := chartutil.DefaultCapabilities.Copy()
	if v, err := chartutil.ParseKubeVersion(kubeVersion); err == nil {
		caps.KubeVersion = *v
	}
	release := chartutil.ReleaseOptions{Name: r.o.Release, Namespace: r.o.ReleaseNamespace, Revision: 1, IsInstall: true}
	all, err := chartutil.ToRenderValues(c, values, release, caps)
	if err != nil {
		return nil, err
	}
	texts, err := engine.Render(c, all)
	if err != nil {
		return nil, err
	}
	for _, crd := range c.CRDObjects() {
		texts[path.Join(c.Name(), crd.Filename)] = string(crd.File.Data)
	}
	return texts, nil
}

func missingDependency(c *chart.Chart) error {
	have := map[string]bool{}
	for _, d := range c.Dependencies() {
		have[d.Name()] = true
	}
	for _, d := range c.Metadata.Dependencies {
		if !have[d.Name] {
			return fmt.Errorf("its dependency %q is not in charts/: run: helm dependency build", d.Name)
		}
	}
	return nil
}

// values merges the values files and assignments, later ones over earlier ones.
func (r *resolver) values() (map[string]any, error) {
	out := map[string]any{}
	for _, name := range r.o.Values {
		f, err := os.Open(r.path(name))
		if err != nil {
			return nil, fmt.Errorf("cannot read values file %s: %w", name, plain(err))
		}
		data, err := io.ReadAll(io.LimitReader(f, r.o.Limits.FileBytes))
		f.Close() //nolint:errcheck,gosec // only read
		if err != nil {
			return nil, fmt.Errorf("cannot read values file %s: %w", name, plain(err))
		}
		one := map[string]any{}
		if err := yaml.Unmarshal(data, &one); err != nil {
			return nil, fmt.Errorf("values file %s: %w", name, err)
		}
		out = mergeValues(out, one)
	}
	for _, set := range r.o.Set {
		if err := strvals.ParseInto(set, out); err != nil {
			return nil, fmt.Errorf("--set %s: %w", set, err)
		}
	}
	return out, nil
}

// mergeValues returns a with b over it; maps are merged, all else is replaced.
func mergeValues(a, b map[string]any) map[string]any {
	for k, v := range b {
		if over, ok := v.(map[string]any); ok {
			if under, ok := a[k].(map[string]any); ok {
				a[k] = mergeValues(under, over)
				continue
			}
		}
		a[k] = v
	}
	return a
}

// isTestHook tells whether an object of a chart is run by helm test only.
func isTestHook(root *manifest.Node) bool {
	hooks := root.At("metadata", "annotations", "helm.sh/hook").Str()
	for h := range strings.SplitSeq(hooks, ",") {
		switch strings.TrimSpace(h) {
		case "test", "test-success", "test-failure":
			return true
		}
	}
	return false
}

// guarded runs what other people's code does with the input: a panic becomes an error, and a cancelled
// context returns at once (what runs is left to end by itself).
func guarded[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		v   T
		err error
	}
	done := make(chan result, 1)
	go func() {
		var got result
		defer func() {
			if p := recover(); p != nil {
				got.err = fmt.Errorf("it cannot be rendered: %v", p)
			}
			done <- got
		}()
		got.v, got.err = f()
	}()
	select {
	case <-ctx.Done():
		var zero T
		return zero, ctx.Err()
	case got := <-done:
		return got.v, got.err
	}
}
