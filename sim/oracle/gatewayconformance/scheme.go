package gatewayconformance

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apimachinery/pkg/runtime"
	runtimeschema "k8s.io/apimachinery/pkg/runtime/schema"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
	"sigs.k8s.io/gateway-api/apis/v1alpha2"
	"sigs.k8s.io/gateway-api/apis/v1alpha3"
	"sigs.k8s.io/gateway-api/apis/v1beta1"
	"sigs.k8s.io/yaml"
)

// newScheme knows the kinds that the suite applies.
func newScheme() (*runtime.Scheme, error) {
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, gatewayv1.Install, v1beta1.Install,
		v1alpha2.Install, v1alpha3.Install, apiextensionsv1.AddToScheme} {
		if err := add(s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// schemas are the Gateway API's custom resources, from which the API server
// takes the values of fields that a manifest leaves out.
type schemas struct {
	resources []*apiextensionsv1.CustomResourceDefinition
	byKind    map[runtimeschema.GroupVersionKind]*schema.Structural
}

// readSchemas reads the definitions of the experimental channel, which has all
// fields, from the module's own files.
func readSchemas() (schemas, error) {
	out := schemas{byKind: map[runtimeschema.GroupVersionKind]*schema.Structural{}}
	dir, err := moduleDir("sigs.k8s.io/gateway-api")
	if err != nil {
		return out, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "config", "crd", "experimental", "gateway.networking*.yaml"))
	if err != nil {
		return out, err
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return out, err
		}
		if err := out.add(text); err != nil {
			return out, fmt.Errorf("%s: %w", filepath.Base(f), err)
		}
	}
	if len(out.resources) == 0 {
		return out, fmt.Errorf("the module sigs.k8s.io/gateway-api has no custom resource definitions")
	}
	return out, nil
}

// moduleDir is where the go command keeps the sources of a module.
func moduleDir(path string) (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", path).Output()
	if err != nil {
		return "", fmt.Errorf("go list -m %s: %w", path, err)
	}
	return strings.TrimSpace(string(out)), nil
}

func (s *schemas) add(text []byte) error {
	crd := &apiextensionsv1.CustomResourceDefinition{}
	if err := yaml.Unmarshal(text, crd); err != nil || crd.Kind != "CustomResourceDefinition" {
		return err
	}
	s.resources = append(s.resources, crd)
	for i := range crd.Spec.Versions {
		v := &crd.Spec.Versions[i]
		internal := &apiextensions.JSONSchemaProps{}
		if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(v.Schema.OpenAPIV3Schema, internal, nil); err != nil {
			return err
		}
		structural, err := schema.NewStructural(internal)
		if err != nil {
			return err
		}
		s.byKind[runtimeschema.GroupVersionKind{Group: crd.Spec.Group, Version: v.Name, Kind: crd.Spec.Names.Kind}] = structural
	}
	return nil
}

// fill puts defaults into an object as the API server does; true where the
// object is one of the Gateway API.
func (s *schemas) fill(gvk runtimeschema.GroupVersionKind, object map[string]any) bool {
	structural := s.byKind[gvk]
	if structural == nil {
		return false
	}
	defaulting.Default(object, structural)
	return true
}

// convert copies one form of an object into another by way of its JSON.
func convert(from, to any) error {
	text, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, to)
}
