package gatewayapi_test

import (
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/gatewayapi"
)

// TestManaged: what Istio makes for a Gateway, and for which it makes nothing.
func TestManaged(t *testing.T) {
	const gw = "gateway.networking.k8s.io/v1/Gateway edge/g "
	for name, c := range map[string]struct {
		objects []string
		want    string // names of the pods' account and of the Service's ports; "" for nothing
	}{
		"istio's own class":      {[]string{gw + "{gatewayClassName: istio, listeners: [{port: 80}, {port: 443}, {port: 80}, {port: 53, protocol: UDP}]}"}, "g-istio: 15021 80 443"},
		"a class of its":         {[]string{gw + "{gatewayClassName: own, listeners: [{port: 80}]}", "gateway.networking.k8s.io/v1/GatewayClass /own {controllerName: istio.io/gateway-controller}"}, "g-own: 15021 80"},
		"a ListenerSet":          {[]string{gw + "{gatewayClassName: istio, listeners: [{port: 80}]}", "gateway.networking.k8s.io/v1/ListenerSet edge/s {parentRef: {name: g}, listeners: [{port: 81}]}"}, "g-istio: 15021 80 81"},
		"an address":             {[]string{gw + "{gatewayClassName: istio, addresses: [{value: 192.0.2.1}]}"}, "g-istio: 15021"},
		"another's class":        {[]string{gw + "{gatewayClassName: istio}", "gateway.networking.k8s.io/v1/GatewayClass /istio {controllerName: example.net/c}"}, ""},
		"another class":          {[]string{gw + "{gatewayClassName: other}"}, ""},
		"the name of a Service":  {[]string{gw + "{gatewayClassName: istio, addresses: [{type: Hostname, value: x}]}"}, ""},
		"two addresses":          {[]string{gw + "{gatewayClassName: istio, addresses: [{value: 192.0.2.1}, {value: 192.0.2.2}]}"}, ""},
		"parameters":             {[]string{gw + "{gatewayClassName: istio, infrastructure: {parametersRef: {name: x}}}"}, ""},
		"pods that are there":    {[]string{gw + "{gatewayClassName: istio}", "apps/v1/Deployment edge/d {template: {metadata: {labels: {gateway.networking.k8s.io/gateway-name: g}}}}"}, ""},
		"pods of another's name": {[]string{gw + "{gatewayClassName: istio}", "apps/v1/Deployment shop/d {template: {metadata: {labels: {gateway.networking.k8s.io/gateway-name: g}}}}"}, "g-istio: 15021"},
		"Istio's own Gateway":    {[]string{"networking.istio.io/v1/Gateway edge/g {gatewayClassName: istio}"}, ""},
	} {
		var objects []*model.Object
		for i := range c.objects {
			objects = append(objects, parse(t, c.objects[i]))
		}
		got := ""
		for _, o := range gatewayapi.Managed(objects) {
			if o.Namespace != "edge" || o.File != "f.yaml" || o.Root.Get("metadata").Get("labels").Get("gateway.networking.k8s.io/gateway-name").Str() != "g" {
				t.Errorf("%s: %s stands in %s", name, o.Ref, o.File)
			}
			if o.Kind == "Deployment" {
				got += o.Root.Get("spec").Get("template").Get("spec").Get("serviceAccountName").Str() + ":"
				continue
			}
			ports := o.Root.Get("spec").Get("ports")
			for i := range ports.Len() {
				got += " " + ports.Items[i].Get("port").Str()
			}
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// parse reads "apiVersion/Kind namespace/name spec".
func parse(t *testing.T, text string) *model.Object {
	t.Helper()
	f := strings.SplitN(text, " ", 3)
	i := strings.LastIndexByte(f[0], '/')
	ns, name, _ := strings.Cut(f[1], "/")
	docs, errs := manifest.Parse("f.yaml", []byte("spec: "+f[2]), manifest.Limits{})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	return &model.Object{Ref: model.Ref{APIVersion: f[0][:i], Kind: f[0][i+1:], Namespace: ns, Name: name}, File: "f.yaml", Root: docs[0].Root}
}
