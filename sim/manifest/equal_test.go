package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
	goyaml "sigs.k8s.io/yaml/goyaml.v2"
)

// library returns what Kubernetes reads in one document. sigs.k8s.io/yaml does not look at what stands
// behind the first value ("\"a\":b" is "a" to it); we hold that to be an error, as the API server does for
// JSON, so the rest is tried as well.
func library(doc []byte) (any, error) {
	var v, rest any
	if err := yaml.Unmarshal(doc, &v); err != nil {
		return nil, err
	}
	dec := goyaml.NewDecoder(bytes.NewReader(doc))
	for {
		if err := dec.Decode(&rest); errors.Is(err, io.EOF) {
			return v, nil
		} else if err != nil {
			return v, err
		}
	}
}

// asJSON returns the tree as encoding/json decodes its JSON, for comparison with the library.
func asJSON(t *testing.T, n *Node) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(n.JSON(), &v); err != nil {
		t.Fatalf("the tree's JSON cannot be read: %v\n%s", err, n.JSON())
	}
	return v
}

// compare checks that what Parse accepts is what the library reads, and that the library rejects what
// Parse rejects, but for the differences that expected names.
func compare(t *testing.T, name string, data []byte) {
	t.Helper()
	docs, errs := Parse(name, data, Limits{})
	if isUTF16(data) {
		return // one error for the whole file
	}
	broken := 0
	for _, d := range docs {
		want, err := library(d.Raw)
		if d.Root == nil {
			if err == nil && !expected(errs[broken]) {
				t.Errorf("%s: the library reads what we reject: %v\n%q", name, errs[broken], d.Raw)
			}
			broken++
			continue
		}
		if err != nil {
			t.Errorf("%s: the library rejects what we read: %v\n%q\n%s", name, err, d.Raw, d.Root.JSON())
			continue
		}
		if got := asJSON(t, d.Root); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: document at line %d\n got %#v\nwant %#v\n%q", name, d.Line, got, want, d.Raw)
		}
	}
	bothWays(t, name, data)
	if broken != len(errs) {
		t.Errorf("%s: %d broken documents but %d errors: %v", name, broken, len(errs), errs)
	}
}

// expected reports whether an error is one of our known differences from sigs.k8s.io/yaml.
func expected(e Error) bool {
	for _, s := range []string{"is given twice", "!!binary", "nested more than", "expand to more", "more than the limit"} {
		if strings.Contains(e.Msg, s) {
			return true
		}
	}
	return false
}

// sameTree reports where the fast parser and the YAML library differ, in values or in positions. The
// position of a missing value is not compared: there is no byte that it could be at.
func sameTree(t *testing.T, fast, slow *Node, path string) {
	t.Helper()
	if fast.Kind != slow.Kind || fast.Value != slow.Value || len(fast.Items) != len(slow.Items) {
		t.Errorf("%s: the fast parser has %v %q, the slow one %v %q", path, fast.Kind, fast.Value, slow.Kind, slow.Value)
		return
	}
	if fast.Kind != Null && (fast.Line != slow.Line || fast.Col != slow.Col) {
		t.Errorf("%s: the fast parser is at %d:%d, the slow one at %d:%d", path, fast.Line, fast.Col, slow.Line, slow.Col)
	}
	for i := range fast.Items {
		sub := JoinIndex(path, i)
		if fast.Kind == Map {
			if fast.Keys[i] != slow.Keys[i] {
				t.Errorf("%s: the fast parser has key %v, the slow one %v", path, fast.Keys[i], slow.Keys[i])
				continue
			}
			sub = JoinKey(path, fast.Keys[i].Name)
		}
		sameTree(t, &fast.Items[i], &slow.Items[i], sub)
	}
}

// bothWays parses each document with both YAML parsers and returns how many the fast one took.
func bothWays(t *testing.T, name string, data []byte) (fast, all int) {
	t.Helper()
	lim := DefaultLimits()
	s := splitter{src: string(data), line: 1}
	s.skipBOM()
	for {
		c, ok := s.next()
		if !ok {
			return fast, all
		}
		if c.content == c.end {
			continue
		}
		all++
		flags, bad := classify(s.src[c.start:c.end])
		if bad >= 0 || flags != 0 || c.inline || c.tabs {
			continue
		}
		p := parser{src: s.src, lim: lim}
		got, err := p.yaml(c)
		if got == nil || err != nil {
			continue
		}
		fast++
		want, err := slowParse(s.src, c, place{}, lim)
		if err != nil {
			t.Errorf("%s: the slow parser rejects what the fast one reads: %v\n%q", name, err, s.src[c.start:c.end])
			continue
		}
		sameTree(t, got, want, fmt.Sprintf("%s: %q: ", name, s.src[c.start:c.end]))
	}
}

// TestPeers compares every manifest of the test suites of other projects, when they are at hand.
func TestPeers(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "peers")
	if _, err := os.Stat(root); err != nil {
		t.Skipf("the manifests of other projects are not here: %v", err)
	}
	files, fast, all := 0, 0, 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		switch filepath.Ext(path) {
		case ".yaml", ".yml", ".json":
		default:
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		compare(t, path, data)
		f, a := bothWays(t, path, data)
		fast, all = fast+f, all+a
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d documents, %d of them read by the fast parser", files, all, fast)
}
