package install

import (
	"context"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Source is one thing to apply: a chart or a manifest.
type Source struct {
	// Name is the file's name below --manifests DIR, such as "cilium-1.20.2.tgz".
	Name string
	URL  string // the vendor's address of it
	// SHA256 is its digest in hexadecimal, "" where it is not known.
	SHA256 string
	// Chart says that it is a Helm chart in an archive; Dir is the chart's directory
	// in it, relative to the archive's top directory.
	Chart              bool
	Dir                string
	Release, Namespace string
	Values             map[string]any
	// File is a file of the offline lab or of netfate itself, instead of URL.
	File string
	Data []byte
	// Edit, if set, changes the objects.
	Edit func(e *Env, o *unstructured.Unstructured) error
}

// objects fetches and renders the source.
func (s *Source) objects(ctx context.Context, e *Env, values map[string]any) ([]*unstructured.Unstructured, error) {
	data, err := s.bytes(ctx, e)
	if err != nil {
		return nil, err
	}
	var out []*unstructured.Unstructured
	if s.Chart {
		out, err = renderChart(data, s, e, values)
	} else {
		out, err = Decode(data)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	if s.Edit != nil {
		for _, o := range out {
			if err := s.Edit(e, o); err != nil {
				return nil, fmt.Errorf("%s: %w", s.Name, err)
			}
		}
	}
	return out, nil
}

func (s *Source) bytes(ctx context.Context, e *Env) ([]byte, error) {
	switch {
	case s.Data != nil:
		return s.Data, nil
	case s.File != "":
		data, err := os.ReadFile(s.File)
		if err != nil {
			return nil, fmt.Errorf("the offline lab is not complete, make lab builds it: %w", err)
		}
		return data, nil
	}
	return e.Fetch.Get(ctx, s)
}
