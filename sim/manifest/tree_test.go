package manifest

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func mustParse(t *testing.T, text string) *Node {
	t.Helper()
	docs, errs := Parse("x", []byte(text), Limits{})
	if len(errs) > 0 || len(docs) != 1 {
		t.Fatalf("%q: %d documents, %v", text, len(docs), errs)
	}
	return docs[0].Root
}

func TestPaths(t *testing.T) {
	n := mustParse(t, "metadata:\n  labels: {app.kubernetes.io/name: x, 'a\"b': y}\nspec:\n  ingress:\n  - from:\n    - podSelector: {}\n    - ipBlock: {cidr: 10.0.0.0/8}\n")
	for path, want := range map[string]string{
		"":                                       "1:1",
		"spec.ingress[0].from[1].ipBlock.cidr":   "7:23",
		"spec.ingress[0].from[1].ipBlock.except": "7:16",
		"spec.ingress[0].from[7].ipBlock":        "6:5",
		"spec.egress":                            "4:3",
		"nothing":                                "1:1",
		`metadata.labels["app.kubernetes.io/name"]`: "2:36",
		`metadata.labels["a\"b"]`:                   "2:46",
	} {
		line, col := Pos(n, path)
		if got := fmt.Sprintf("%d:%d", line, col); got != want {
			t.Errorf("Pos(%s) = %s, want %s", path, got, want)
		}
	}
	if got := Lookup(n, "spec.ingress[0].from[1].ipBlock.cidr").Str(); got != "10.0.0.0/8" {
		t.Error(got)
	}
	if got := n.At("spec", "ingress", "0", "from", "1", "ipBlock").Len(); got != 1 {
		t.Error(got)
	}
	for _, path := range []string{"spec.x.y", "spec.ingress[1]", "spec.ingress[x]", "spec.ingress[", "[", ".", `["`, "spec.ingress[-1]"} {
		if Lookup(n, path) != nil {
			t.Errorf("Lookup(%s) finds something", path)
		}
	}
	if line, col := KeyPos(n, "spec.ingress[0].from"); line != 5 || col != 5 {
		t.Error(line, col)
	}
	var none *Node
	if none.Get("a") != nil || none.At("a") != nil || none.Len() != 0 || none.Str() != "" || Lookup(none, "a") != nil || none.Clone() != nil {
		t.Error("a nil node has something")
	}
	for _, key := range []string{"a", "a.b", "a/b", `q"`, "a[0]", "", "日.本"} {
		m := &Node{Kind: Map, Keys: []Key{{Name: key}}, Items: []Node{{Kind: String, Value: "v"}}}
		if Lookup(m, JoinKey("", key)).Str() != "v" {
			t.Errorf("the path of key %q does not lead to it: %s", key, JoinKey("", key))
		}
	}
}

func TestExpand(t *testing.T) {
	docs, errs := Parse("x", []byte(`kind: List
apiVersion: v1
items:
- {kind: Pod, metadata: {name: a}}
- kind: PodList
  apiVersion: v1
  items:
  - metadata: {name: b}
  -
- kind: AllowList
  spec: {}
---
kind: List
---
kind: ServiceList
apiVersion: v1
items: ~
---
kind: Pod
---
x: [
`), Limits{})
	if len(errs) != 1 {
		t.Fatal(errs)
	}
	var got []string
	for _, d := range docs {
		for _, e := range Expand(d) {
			got = append(got, fmt.Sprintf("%s/%s@%d", e.Root.Get("kind").Str(), e.Root.At("metadata", "name").Str(), e.Line))
		}
	}
	want := "Pod/a@4 Pod/b@8 AllowList/@10 Pod/@19 /@21"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
	if v := Expand(docs[0])[1].Root.Get("apiVersion").Str(); v != "v1" {
		t.Errorf("the item of a PodList has apiVersion %q", v)
	}
}

func TestSniff(t *testing.T) {
	for text, want := range map[string]string{
		"apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  namespace: b\n  labels:\n    name: c\nspec: [": "Pod v1 b a",
		"# c\nkind: \"Pod\" # c\nspec:\n  kind: X\n  metadata:\n    name: y\n\tbroken":                     "Pod   ",
		"metadata:\n    labels:\n      name: x\n    name: a\nkind: A\nkind: B\n":                           "   a",
		"kind: {{ .Kind }}\nmetadata:\n  name: {{ .Name }}\n":                                              "   ",
		"{\n  \"kind\": \"Pod\",\n  \"metadata\": {\n    \"name\": \"a\"\n  }":                             "Pod   a",
		"": "   ",
	} {
		kind, version, ns, name := Sniff([]byte(text))
		if got := strings.Join([]string{kind, version, ns, name}, " "); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestFromValue(t *testing.T) {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "a", Labels: map[string]string{"x": "<&>\u2028"}}}
	n, err := FromValue(pod)
	if err != nil || Lookup(n, "metadata.labels.x").Str() != "<&>\u2028" {
		t.Fatal(n, err)
	}
	if n.Line != 0 || n.Keys[0].Line != 0 {
		t.Error("there is a position")
	}
	var back corev1.Pod
	if errs := Decode("x", n, &back, DecodeOptions{}); len(errs) > 0 || !reflect.DeepEqual(*pod, back) {
		t.Error(errs, back)
	}
	n, err = FromValue(map[string]any{"b": []any{int64(1), 1.5, nil, true, "x", 7}, "a": map[string]any{}})
	if got := string(n.JSON()); err != nil || got != `{"a":{},"b":[1,1.5,null,true,"x",7]}` {
		t.Error(got, err)
	}
	for _, v := range []any{math.NaN(), func() {}, map[string]any{"a": math.Inf(1)}, []any{make(chan int)}} {
		if _, err := FromValue(v); err == nil {
			t.Errorf("%T has a tree", v)
		}
	}
	if n, err := FromValue("x"); err != nil || n.Kind != String {
		t.Error(n, err)
	}
}

// TestDecodeErrors holds the messages for common mistakes.
func TestDecodeErrors(t *testing.T) {
	for _, c := range []struct {
		text string
		into any
		want []string
	}{
		{"metadata:\n  labels: {a: 1, b: yes, x.y/z: 1.5}\n  name: 5", new(corev1.Pod), []string{
			`x:2:15: metadata.labels.a: must be a string, but this is a number (1) (quote it: "1")`,
			`x:2:21: metadata.labels.b: must be a string, but this is a boolean (true) (y, n, yes, no, on, off, true and false without quotes are booleans; quote it)`,
			`x:2:33: metadata.labels["x.y/z"]: must be a string, but this is a number (1.5) (quote it: "1.5")`,
			`x:3:9: metadata.name: must be a string, but this is a number (5) (quote it: "5")`}},
		{"spec:\n  Containers: []\n  containers:\n  - prots: []\n    ports: {containerPort: 80}\n  - ports: [{containerPort: \"80\", hostPort: 99999999999}]\n  hostNetwork: \"true\"", new(corev1.Pod), []string{
			`x:2:3: spec.Containers: unknown field "Containers" (did you mean "containers"?)`,
			`x:4:5: spec.containers[0].prots: unknown field "prots" (did you mean "ports"?)`,
			`x:5:12: spec.containers[0].ports: must be a list, but this is a map (start each item with "- ")`,
			`x:6:29: spec.containers[1].ports[0].containerPort: must be a whole number, but this is a string (remove the quotes)`,
			`x:6:45: spec.containers[1].ports[0].hostPort: 99999999999 does not fit: it must be between -2147483648 and 2147483647`,
			`x:7:16: spec.hostNetwork: must be a boolean, but this is a string (remove the quotes)`}},
		{"spec:\n  policyTypes: Ingress\n  podSelector: []\n  ingress:\n  - from: [{ipBlock: {cird: x}, ports: []}]\n    ports: [{port: true}, {port: 1.5}]\n  - namespaceSelector: {}", new(netv1.NetworkPolicy), []string{
			`x:2:16: spec.policyTypes: must be a list, but this is a string (write [Ingress])`,
			`x:3:16: spec.podSelector: must be a map, but this is a list (remove the "- ")`,
			`x:5:23: spec.ingress[0].from[0].ipBlock.cird: unknown field "cird" (did you mean "cidr"?)`,
			`x:5:33: spec.ingress[0].from[0].ports: unknown field "ports" (it is a field of spec.ingress[0]; check the indentation)`,
			`x:6:20: spec.ingress[0].ports[0].port: must be a number or a string, but this is a boolean (true) (y, n, yes, no, on, off, true and false without quotes are booleans; quote it)`,
			`x:6:34: spec.ingress[0].ports[1].port: must be a whole number, but this is 1.5`,
			`x:7:5: spec.ingress[1].namespaceSelector: unknown field "namespaceSelector" (it is a field of "from"; check the indentation)`}},
		{"data: {a: '%%%'}", new(corev1.Secret), []string{`x:1:11: data.a: must be base64 (encode it, or use stringData in a Secret)`}},
		{"[]", new(corev1.Pod), []string{`x:1:1: must be a map, but this is a list (remove the "- ")`}},
		{"a: 1", corev1.Pod{}, []string{`x: cannot decode into v1.Pod: a non-nil pointer is needed`}},
	} {
		var got []string
		for _, e := range Decode("x", mustParse(t, c.text), c.into, DecodeOptions{}) {
			got = append(got, e.Error())
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.text, strings.Join(got, "\n     "), strings.Join(c.want, "\n     "))
		}
	}
}

func TestDecodeOptions(t *testing.T) {
	n := mustParse(t, "spec: {nodeName: m, containers: [{name: a, env: [{name: x, vlaue: y}]}, {name: b}], nodeSelector: {a: b}, x: 1}\nmetadata: {annotations: {a: b}, labels: {c: d}}")
	d := NewDecoder()
	var pod corev1.Pod
	errs := d.Decode("x", n, &pod, DecodeOptions{Lenient: true, Skip: []string{"spec.containers[].env", "spec.nodeSelector", "metadata.annotations"}})
	if len(errs) != 2 || !errs[0].Warning || !errs[1].Warning || !strings.Contains(errs[0].Error(), `"vlaue"`) {
		t.Error(errs)
	}
	if pod.Spec.Containers[0].Env != nil || pod.Spec.NodeSelector != nil || pod.Annotations != nil {
		t.Error("a skipped field is stored")
	}
	if pod.Spec.Containers[1].Name != "b" || pod.Spec.NodeName != "m" || pod.Labels["c"] != "d" {
		t.Error("a field is lost")
	}
	var all corev1.Pod
	d.Decode("x", n, &all, DecodeOptions{Skip: []string{"spec.containers[]"}})
	if all.Spec.Containers != nil || all.Spec.NodeSelector["a"] != "b" {
		t.Error("the wrong fields are skipped")
	}
}

func TestKnown(t *testing.T) {
	d := NewDecoder()
	for path, want := range map[string]bool{
		"spec.ingress[].from[0].podSelector.matchLabels": true, "metadata.labels.x": true, "metadata": true, "kind": true, "spec.ingress[].form": false,
		"spec.ingress[].ports[].port": true, "spec.ingress[].ports[].port.x": false, "metadata.creationTimestamp": true, "Spec": false, "metadata.labels.x.y": false,
	} {
		if got := d.Known(reflect.TypeFor[netv1.NetworkPolicy](), path); got != want {
			t.Errorf("Known(%s) = %v", path, got)
		}
	}
}

// TestConcurrent uses one Decoder and one tree from many goroutines; the race detector watches.
func TestConcurrent(t *testing.T) {
	n := mustParse(t, everythingText)
	d := NewDecoder()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 20 {
				var e everything
				if errs := d.Decode("x", n, &e, DecodeOptions{Skip: []string{"list", fmt.Sprint("x", i)}}); len(errs) > 0 {
					t.Error(errs)
				}
				var pod corev1.Pod
				d.Decode("x", n, &pod, DecodeOptions{Lenient: true})
			}
		})
	}
	wg.Wait()
}
