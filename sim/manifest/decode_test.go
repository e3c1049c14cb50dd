package manifest

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	netv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/json"
	npapi "sigs.k8s.io/network-policy-api/apis/v1alpha1"
)

// kinds are types to decode into, with all that is special about decoding in one or another.
func kinds() map[string]reflect.Type {
	return map[string]reflect.Type{
		"Pod": reflect.TypeFor[corev1.Pod](), "Service": reflect.TypeFor[corev1.Service](), "Namespace": reflect.TypeFor[corev1.Namespace](),
		"Node": reflect.TypeFor[corev1.Node](), "Secret": reflect.TypeFor[corev1.Secret](), "ConfigMap": reflect.TypeFor[corev1.ConfigMap](),
		"Deployment": reflect.TypeFor[appsv1.Deployment](), "StatefulSet": reflect.TypeFor[appsv1.StatefulSet](), "DaemonSet": reflect.TypeFor[appsv1.DaemonSet](),
		"ReplicaSet": reflect.TypeFor[appsv1.ReplicaSet](), "Job": reflect.TypeFor[batchv1.Job](), "CronJob": reflect.TypeFor[batchv1.CronJob](),
		"NetworkPolicy": reflect.TypeFor[netv1.NetworkPolicy](), "Ingress": reflect.TypeFor[netv1.Ingress](), "EndpointSlice": reflect.TypeFor[discoveryv1.EndpointSlice](),
		"AdminNetworkPolicy": reflect.TypeFor[npapi.AdminNetworkPolicy](), "BaselineAdminNetworkPolicy": reflect.TypeFor[npapi.BaselineAdminNetworkPolicy](),
		"Everything": reflect.TypeFor[everything](),
	}
}

// Embedded has fields that everything takes over.
type Embedded struct {
	Inner  string `json:"inner"`
	Shadow int    `json:"shadow"`
}

// PointedTo is embedded by pointer.
type PointedTo struct {
	Deep bool `json:"deep"`
}

// named is a string type for keys and values.
type named string

// everything has a field of every sort that a decoder meets.
type everything struct {
	metav1.TypeMeta `json:",inline"`
	Embedded        `json:",inline"`
	*PointedTo      `json:",inline"`
	Shadow          string                          `json:"shadow"`
	Hidden          string                          `json:"-"`
	NoTag           string                          //nolint:tagliatelle // on purpose
	I8              int8                            `json:"i8"`
	I32             *int32                          `json:"i32"`
	I64             int64                           `json:"i64"`
	U8              uint8                           `json:"u8"`
	U64             uint64                          `json:"u64"`
	F32             float32                         `json:"f32"`
	F64             float64                         `json:"f64"`
	B               *bool                           `json:"b"`
	Bytes           []byte                          `json:"bytes"`
	Names           map[named][]named               `json:"names"`
	Any             any                             `json:"any"`
	Raw             runtime.RawExtension            `json:"raw"`
	Port            *intstr.IntOrString             `json:"port"`
	Time            metav1.Time                     `json:"time"`
	Micro           *metav1.MicroTime               `json:"micro"`
	Ports           map[string]*intstr.IntOrString  `json:"ports"`
	List            []Embedded                      `json:"list"`
	Nested          map[string]map[string]*Embedded `json:"nested"`
	Self            *everything                     `json:"self"`
}

const everythingText = `kind: Everything
apiVersion: v1
inner: x
shadow: 'y'
deep: true
NoTag: z
i8: -128
i32: 5
i64: -9223372036854775808
u8: 255
u64: 18446744073709551615
f32: 1.5
f64: 3
b: false
bytes: aGVsbG8=
names: {a: [b, c], d: [], e: ~}
any: {a: [1, 1.5, true, ~, x], b: 18446744073709551615}
raw: {kind: X, a: [1]}
port: http
time: "2020-01-02T03:04:05Z"
micro: "2020-01-02T03:04:05.000006Z"
ports: {a: 1, b: x, c: ~}
list: [{inner: a}, ~, {shadow: 7}]
nested: {a: {b: {inner: c}, d: ~}}
self: {inner: again, i32: ~, f64: 1.0, i64: 3.0, port: 8.0}
`

// compareDecode checks one tree against the API server's strict decoder: both accept it and build the
// same value, or both reject it.
func compareDecode(t *testing.T, d *Decoder, n *Node, typ reflect.Type) {
	t.Helper()
	want, got := reflect.New(typ), reflect.New(typ)
	strict, err := json.UnmarshalStrict(n.JSON(), want.Interface())
	errs := d.Decode("x", n, got.Interface(), DecodeOptions{})
	rejects := err != nil || len(strict) > 0
	if rejects != (len(errs) > 0) {
		t.Errorf("%v: the API server says %v %v, we say %v\n%s", typ, err, strict, errs, n.JSON())
		return
	}
	if !rejects && !reflect.DeepEqual(got.Interface(), want.Interface()) {
		t.Errorf("%v: decoded values differ\n%s\n got %+v\nwant %+v", typ, n.JSON(), got.Elem(), want.Elem())
	}
	if checked := d.Validate("x", n, typ, DecodeOptions{}); !reflect.DeepEqual(checked, errs) {
		t.Errorf("%v: checking says %v, decoding %v", typ, checked, errs)
	}
	for _, e := range errs {
		if e.Msg == "" || e.Path == "" && n.Kind == Map && e.Line != int(n.Line) {
			t.Errorf("a poor error: %#v", e)
		}
	}
}

// mutate changes one random value of a copy of the tree.
func mutate(r *rand.Rand, n *Node) *Node {
	c := n.Clone()
	at := c
	for at.Len() > 0 && r.IntN(6) > 0 {
		at = &at.Items[r.IntN(len(at.Items))]
	}
	switch r.IntN(9) {
	case 0:
		at.Kind, at.Value, at.Items, at.Keys = String, []string{"", "x", "8080", "true", "aGk=", "100m", "2020-01-02T03:04:05Z"}[r.IntN(7)], nil, nil
	case 1:
		at.Kind, at.Value, at.Items, at.Keys = Int, []string{"0", "-1", "80", "70000", "3000000000", "99999999999999999999", "300"}[r.IntN(7)], nil, nil
	case 2:
		at.Kind, at.Value, at.Items, at.Keys = Float, []string{"1.5", "1e400", "-0.5", "0.1"}[r.IntN(3)*3%4], nil, nil
	case 3:
		at.Kind, at.Value, at.Items, at.Keys = Bool, "true", nil, nil
	case 4:
		at.Kind, at.Value, at.Items, at.Keys = Null, "", nil, nil
	case 5:
		at.Kind, at.Value, at.Items, at.Keys = List, "", []Node{{Kind: String, Value: "x"}, {}}, nil
	case 6:
		at.Kind, at.Value, at.Items, at.Keys = Map, "", []Node{{Kind: String, Value: "x"}}, []Key{{Name: "name"}}
	case 7:
		at.Kind, at.Value, at.Items, at.Keys = Map, "", nil, nil
	default:
		if len(at.Keys) > 0 {
			k := &at.Keys[r.IntN(len(at.Keys))]
			k.Name = []string{strings.ToUpper(k.Name), k.Name + "s", "x"}[r.IntN(3)]
			if i, _ := duplicate(at.Keys); i >= 0 {
				return n
			}
		}
	}
	return c
}

// TestDecodeLikeAPIServer compares decoding with the API server's on our own texts, on the manifests of
// other projects when they are here, and on random changes of both.
func TestDecodeLikeAPIServer(t *testing.T) {
	texts := [][]byte{[]byte(everythingText), []byte(policyText), pods(2)}
	_ = filepath.WalkDir(filepath.Join("..", "..", "..", "shared", "peers"), func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && strings.HasSuffix(path, ".yaml") {
			if data, err := os.ReadFile(path); err == nil {
				texts = append(texts, data)
			}
		}
		return nil
	})
	d, r, all := NewDecoder(), rand.New(rand.NewPCG(1, 2)), 0
	for _, text := range texts {
		docs, _ := Parse("x", text, Limits{})
		for _, doc := range docs {
			for _, item := range Expand(doc) {
				typ := kinds()[item.Root.Get("kind").Str()]
				if typ == nil {
					continue
				}
				compareDecode(t, d, item.Root, typ)
				for range 30 + 3000/len(texts) {
					compareDecode(t, d, mutate(r, item.Root), typ)
					all++
				}
				if t.Failed() {
					t.FailNow()
				}
			}
		}
	}
	t.Logf("%d trees from %s texts", all, strconv.Itoa(len(texts)))
}
