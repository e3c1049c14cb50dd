package install

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
	sigsyaml "sigs.k8s.io/yaml"
)

// Decode reads the documents of a manifest; lists are taken apart, empty documents dropped.
func Decode(data []byte) ([]*unstructured.Unstructured, error) {
	var out []*unstructured.Unstructured
	d := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(data), 4096)
	for {
		o := &unstructured.Unstructured{}
		err := d.Decode(&o.Object)
		switch {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, err
		case len(o.Object) == 0:
			continue
		case o.GetKind() == "" || o.GetAPIVersion() == "":
			return nil, fmt.Errorf("document %d is no object: it has no kind or apiVersion", len(out)+1)
		case o.IsList():
			err = o.EachListItem(func(item runtime.Object) error {
				if u, ok := item.(*unstructured.Unstructured); ok {
					out = append(out, u)
				}
				return nil
			})
			if err != nil {
				return nil, err
			}
		default:
			out = append(out, o)
		}
	}
}

// renderChart makes the objects of a chart, hooks included but for tests and
// those that run on removal; definitions come first.
func renderChart(archive []byte, s *Source, e *Env, more map[string]any) ([]*unstructured.Unstructured, error) {
	c, err := loadChart(archive, s.Dir)
	if err != nil {
		return nil, err
	}
	values := chartutil.CoalesceTables(map[string]any{}, deepCopy(s.Values))
	values = chartutil.CoalesceTables(deepCopy(more), values)
	for _, name := range e.Values {
		user, err := readValues(name)
		if err != nil {
			return nil, err
		}
		values = chartutil.CoalesceTables(user, values)
	}
	texts, err := renderTexts(c, s, e, values)
	if err != nil {
		return nil, err
	}
	var out []*unstructured.Unstructured
	for _, crd := range c.CRDObjects() {
		objects, err := Decode(crd.File.Data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", crd.Filename, err)
		}
		out = append(out, objects...)
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if base := path.Base(name); strings.HasPrefix(base, "_") || base == "NOTES.txt" {
			continue
		}
		objects, err := Decode([]byte(texts[name]))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, o := range objects {
			if !wanted(o) {
				continue
			}
			if o.GetNamespace() == "" && !clusterScoped(o.GetKind()) {
				o.SetNamespace(s.Namespace)
			}
			out = append(out, o)
		}
	}
	return withNamespace(out, s.Namespace), nil
}

// loadChart reads a chart of an archive, in its top directory or below it.
func loadChart(archive []byte, dir string) (*chart.Chart, error) {
	if dir == "" {
		return loader.LoadArchive(bytes.NewReader(archive))
	}
	files, err := loader.LoadArchiveFiles(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	var below []*loader.BufferedFile
	for _, f := range files {
		if name, ok := strings.CutPrefix(f.Name, dir+"/"); ok {
			below = append(below, &loader.BufferedFile{Name: name, Data: f.Data})
		}
	}
	if len(below) == 0 {
		return nil, fmt.Errorf("the archive has no directory %s", dir)
	}
	return loader.LoadFiles(below)
}

func renderTexts(c *chart.Chart, s *Source, e *Env, values map[string]any) (map[string]string, error) {
	if err := chartutil.ProcessDependenciesWithMerge(c, values); err != nil {
		return nil, err
	}
	caps := chartutil.DefaultCapabilities.Copy()
	if e.Kube != "" {
		v, err := chartutil.ParseKubeVersion(e.Kube)
		if err != nil {
			return nil, err
		}
		caps.KubeVersion = *v
	}
	release := chartutil.ReleaseOptions{Name: s.Release, Namespace: s.Namespace, Revision: 1, IsInstall: true}
	all, err := chartutil.ToRenderValues(c, values, release, caps)
	if err != nil {
		return nil, err
	}
	return engine.Render(c, all)
}

// wanted tells whether an object is part of what runs: hooks that only test or
// clean up are not.
func wanted(o *unstructured.Unstructured) bool {
	hook := o.GetAnnotations()["helm.sh/hook"]
	return hook == "" || strings.Contains(hook, "install") || strings.Contains(hook, "crd")
}

// clusterScoped tells whether a kind has no namespace, for those that charts leave without one.
func clusterScoped(kind string) bool {
	return strings.HasPrefix(kind, "Cluster") || slices.Contains([]string{"Namespace", "CustomResourceDefinition", "PriorityClass", "StorageClass",
		"ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "APIService", "GatewayClass", "IngressClass", "Node",
		"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "RuntimeClass", "CSIDriver"}, kind)
}

// withNamespace adds the namespace of a release where it is not among the objects.
func withNamespace(objects []*unstructured.Unstructured, name string) []*unstructured.Unstructured {
	if name == "" || name == "kube-system" || name == "default" {
		return objects
	}
	for _, o := range objects {
		if o.GetKind() == "Namespace" && o.GetName() == name {
			return objects
		}
	}
	return append([]*unstructured.Unstructured{Namespace(name, nil)}, objects...)
}

// Namespace returns a namespace with labels.
func Namespace(name string, labels map[string]string) *unstructured.Unstructured {
	o := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace"}}
	o.SetName(name)
	o.SetLabels(labels)
	return o
}

func readValues(name string) (map[string]any, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("cannot read the values: %w", err)
	}
	out := map[string]any{}
	if err := sigsyaml.Unmarshal(data, &out); err != nil {
		return nil, fmt.Errorf("values file %s: %w", name, err)
	}
	return out, nil
}

// deepCopy copies values, since Helm writes into them.
func deepCopy(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		if below, ok := v.(map[string]any); ok {
			v = deepCopy(below)
		}
		out[k] = v
	}
	return out
}
