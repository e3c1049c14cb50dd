package istio_test

import (
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/policyapi/istio"
	"github.com/netfate/netfate/sim/policyapi/policytest"
	"github.com/netfate/netfate/sim/profile"
)

// assemble runs the assembler over a manifest's objects of Istio, for the pods of
// the same manifest.
func assemble(t testing.TB, text, mesh string) policyapi.Assembled {
	t.Helper()
	return run(t, policytest.Objects(t, "test.yaml", text), mesh)
}

func run(t testing.TB, objects []*model.Object, mesh string) policyapi.Assembled {
	t.Helper()
	p, err := profile.Parse(profile.Default)
	if err != nil {
		t.Fatal(err)
	}
	in := &policyapi.Assembly{Mesh: mesh, Model: &model.Model{}}
	for _, o := range objects {
		switch {
		case o.Kind == "Namespace":
			in.Model.Namespaces = append(in.Model.Namespaces, model.Namespace{Name: o.Name, Object: o, Labels: labelsOf(o.Root.Get("metadata"))})
		case o.Kind == "Pod":
			in.Model.Endpoints = append(in.Model.Endpoints, model.Endpoint{Namespace: o.Namespace, Name: o.Name, Object: o,
				Labels: labelsOf(o.Root.Get("metadata")), HostNetwork: o.Root.Get("spec").Get("hostNetwork") != nil})
		case o.Kind == "Deployment":
			in.Model.Endpoints = append(in.Model.Endpoints, model.Endpoint{Namespace: o.Namespace, Name: o.Name, Object: o, Template: true,
				Labels: labelsOf(o.Root.Get("spec").Get("template").Get("metadata"))})
		case strings.Contains(o.APIVersion, "istio.io") || o.Kind == "ConfigMap":
			in.Objects = append(in.Objects, o)
		}
	}
	return istio.Assembler{}.Assemble(&policyapi.Context{Profile: p, Decoder: manifest.NewDecoder()}, in)
}

func labelsOf(meta *manifest.Node) model.Labels {
	n, m := meta.Get("labels"), map[string]string{}
	if n != nil {
		for i := range n.Keys {
			m[n.Keys[i].Name] = n.Items[i].Value
		}
	}
	return model.NewLabels(m)
}

// object is a manifest of a kind with a spec in flow style.
func object(kind, spec string) string {
	group := "security.istio.io/v1"
	switch kind {
	case "DestinationRule", "Sidecar", "ServiceEntry", "VirtualService":
		group = "networking.istio.io/v1"
	}
	return "apiVersion: " + group + "\nkind: " + kind + "\nmetadata: {name: p, namespace: t}\nspec: " + spec + "\n"
}
