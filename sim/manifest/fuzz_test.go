package manifest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
)

// FuzzParse holds Parse to its promises on any text: no panic, and agreement with sigs.k8s.io/yaml.
func FuzzParse(f *testing.F) {
	for _, s := range yamlCases() {
		f.Add([]byte(s))
	}
	f.Add(pods(2))
	f.Add([]byte(policyText))
	for _, s := range jsonCases() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return // long texts find nothing that short ones do not
		}
		Sniff(data)
		if jsonish(data) {
			compareJSON(t, data)
			bothWays(t, "fuzz", data)
			return
		}
		compare(t, "fuzz", data)
	})
}

// jsonish reports whether a document may be read as JSON, whose rules differ from YAML's: escapes,
// large numbers, line breaks inside strings.
func jsonish(data []byte) bool {
	for _, d := range strings.Split(string(data), "\n---") {
		d = strings.TrimLeft(d, " \t\r\n-.\ufeff")
		if strings.HasPrefix(d, "{") || strings.HasPrefix(d, "[") || strings.HasPrefix(d, "#") {
			return true
		}
	}
	return false
}

// compareJSON checks that one JSON value is read as encoding/json reads it.
func compareJSON(t *testing.T, data []byte) {
	t.Helper()
	docs, errs := Parse("fuzz", data, Limits{})
	var want any
	if json.Unmarshal(data, &want) != nil || !utf8.Valid(data) || len(errs) > 0 && expected(errs[0]) {
		return
	}
	switch want.(type) {
	case map[string]any, []any:
	default:
		return
	}
	if len(docs) != 1 || docs[0].Root == nil {
		if strings.ContainsAny(string(data), "\x7f\u0080\ufeff") || strings.Contains(fmt.Sprint(errs), "not allowed") || strings.Contains(fmt.Sprint(errs), "control") {
			return // characters that YAML forbids are forbidden in JSON manifests too
		}
		t.Fatalf("JSON is rejected: %v\n%q", errs, data)
	}
	if got := asJSON(t, docs[0].Root); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v\n%q", got, want, data)
	}
}

// FuzzDecode decodes whatever parses into two kinds, checking and building: the errors must be the same.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(policyText))
	f.Add(pods(1))
	for _, s := range []string{
		"spec: {ports: [{port: http, targetPort: 80}]}", "metadata: {labels: {a: 1, b: yes}, creationTimestamp: x}",
		"spec: {containers: [{resources: {limits: {cpu: 100m, memory: 1.5, x: []}}}]}", "metadata: []", "[]", "x", "spec: {podSelector: ~}",
		"spec: {ingress: [{ports: [{port: 99999999999, endPort: 1.5}, {port: true}]}]}", "metadata: {managedFields: [{fieldsV1: {a: {}}}]}",
	} {
		f.Add([]byte(s))
	}
	d := NewDecoder()
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		docs, _ := Parse("fuzz", data, Limits{})
		for _, doc := range docs {
			for _, item := range Expand(doc) {
				if item.Root == nil {
					continue
				}
				for _, into := range []any{new(corev1.Pod), new(netv1.NetworkPolicy)} {
					built := d.Decode("fuzz", item.Root, into, DecodeOptions{})
					checked := d.Validate("fuzz", item.Root, reflect.TypeOf(into).Elem(), DecodeOptions{})
					if !reflect.DeepEqual(built, checked) {
						t.Errorf("decoding says %v, checking says %v", built, checked)
					}
				}
			}
		}
	})
}

// writer writes random documents in the styles that people and tools write YAML in, and a few that
// nobody does.
type writer struct {
	r *rand.Rand
	b strings.Builder
}

// pick returns one of the texts.
func (w *writer) pick(texts ...string) string { return texts[w.r.IntN(len(texts))] }

func (w *writer) scalar(flow bool) string {
	s := w.pick("a", "abc", "1", "0", "-1", "017", "0x1f", "1.5", "1e3", "true", "yes", "no", "off", "y", "null", "~", "10.0.0.1", "10.0.0.0/8",
		"2001-01-01", "100m", "1Gi", "'quo ted'", "'it''s'", `"dou\tble"`, `"é\u00e9"`, `""`, "''", "a b c", "a#b", "http://x:80/y", "-x", "--flag=a", "é", "日本", "nope", "1_000", ".5", "+1", "18446744073709551615", "$(X)", "/a/b", "app.kubernetes.io/name", "a:b", "<none>", "x=y")
	if !flow {
		return s + w.pick("", "", "", "", " # c", " ", " , x", " [x]", "?", " 'x", "#", ":")
	}
	return s
}

func (w *writer) key(i int) string {
	return w.pick("a", "name", "kind", "y", "no", "1", "'q'", `"d"`, "x.y/z", "a b", "on") + w.pick("", fmt.Sprint(i), fmt.Sprint(i))
}

func (w *writer) flow(depth int) {
	switch n := w.r.IntN(3); {
	case depth == 0 || w.r.IntN(3) == 0:
		w.b.WriteString(w.scalar(true))
	case w.r.IntN(2) == 0:
		w.b.WriteString("{" + w.pick("", "", " ", "\n "))
		for i := range n {
			if i > 0 {
				w.b.WriteString(w.pick(", ", ",", " , ", ",\n   ", ", # c\n  "))
			}
			w.b.WriteString(w.key(i) + w.pick(": ", ": ", ": ", ":  ", ":\n "))
			w.flow(depth - 1)
		}
		w.b.WriteString(w.pick("", "", " ", "\n") + "}")
	default:
		w.b.WriteString("[" + w.pick("", "", " ", "\n "))
		for i := range n {
			if i > 0 {
				w.b.WriteString(w.pick(", ", ",", " , ", ",\n"))
			}
			w.flow(depth - 1)
		}
		w.b.WriteString(w.pick("", "", " ", ",", "\n ") + "]")
	}
}

// noise writes the lines that may stand between others.
func (w *writer) noise() {
	w.b.WriteString(w.pick("", "", "", "", "", "\n", "# c\n", "   # c\n", "  \n", "\r\n"))
}

func (w *writer) eol() { w.b.WriteString(w.pick("\n", "\n", "\n", "\n", "\r\n", " \n", " # c\n")) }

// block writes a value whose lines start at column indent; the cursor is behind "key:" or "-".
func (w *writer) block(indent, depth int) {
	pad := strings.Repeat(" ", indent)
	switch k := w.r.IntN(10); {
	case depth == 0 || k < 3:
		w.b.WriteString(" " + w.scalar(false))
		w.eol()
	case k < 5:
		w.b.WriteString(" ")
		w.flow(3)
		w.eol()
	case k == 5:
		w.b.WriteString(" " + w.pick("|", ">") + w.pick("", "", "-", "+", "2", "2-"))
		w.eol()
		for range w.r.IntN(4) {
			w.b.WriteString(w.pick(pad, pad, pad+" ", pad+"  ", "") + w.pick("x", "y z", "- a", "a: b", "# c", "", "'q", "x  ") + "\n")
		}
	case k < 8:
		w.eol()
		w.mapping(indent, depth)
	default:
		w.eol()
		w.list(indent-2*w.r.IntN(2), depth)
	}
}

func (w *writer) mapping(indent, depth int) {
	for i := range 1 + w.r.IntN(3) {
		w.noise()
		w.b.WriteString(strings.Repeat(" ", max(0, indent)) + w.key(i) + w.pick(":", ":", ":", ":", " :", ": "))
		w.block(indent+w.pick2(), depth-1)
	}
}

func (w *writer) list(indent, depth int) {
	indent = max(0, indent)
	for range 1 + w.r.IntN(3) {
		w.noise()
		w.b.WriteString(strings.Repeat(" ", indent) + "-")
		if w.r.IntN(3) == 0 && depth > 0 { // a map that starts on the dash's line
			w.b.WriteString(" " + w.key(0) + ":")
			w.block(indent+4, depth-1)
			if w.r.IntN(2) == 0 {
				w.mapping(indent+2, depth-1)
			}
			continue
		}
		w.block(indent+w.pick2(), depth-1)
	}
}

// pick2 returns an indentation, seldom an odd one.
func (w *writer) pick2() int {
	if w.r.IntN(12) == 0 {
		return w.r.IntN(5)
	}
	return 2
}

// TestRandom compares random documents with the library.
func TestRandom(t *testing.T) {
	n := 6000
	if testing.Short() {
		n = 1000
	}
	fast, all, accepted := 0, 0, 0
	for seed := range n {
		w := &writer{r: rand.New(rand.NewPCG(uint64(seed), 1))}
		if w.r.IntN(4) == 0 {
			w.list(0, 4)
		} else {
			w.mapping(0, 4)
		}
		text := []byte(w.b.String())
		compare(t, fmt.Sprintf("seed %d", seed), text)
		f, a := bothWays(t, "", text)
		fast, all = fast+f, all+a
		docs, _ := Parse("", text, Limits{})
		for _, d := range docs {
			if d.Root != nil {
				accepted++
			}
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	t.Logf("%d documents, %d valid, %d read by the fast parser", all, accepted, fast)
	if fast*2 < accepted {
		t.Error("the fast parser reads too few of the valid documents")
	}
}
