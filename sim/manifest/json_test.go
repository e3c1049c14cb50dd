package manifest

import (
	"strings"
	"testing"
)

// jsonCases are JSON texts that must mean to us what they mean to encoding/json.
func jsonCases() []string {
	return []string{
		`{}`, `[]`, ` { } `, `{"a":1}`, `{"a":[1,-2,3.5,1e3,1E-7,0,-0,0.0,12345678901234567890,1e308],"b":{"c":null,"d":true,"e":false}}`,
		`{"a":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud83d x\ude00"}`, `{"\u0061":"é日本"}`, `{"a b":"x: y # z"}`, "{\n\t\"a\": [\n\t\t1,\n\t\t2\n\t]\n}\n", "{\r\n\"a\":\r\n1}",
		`[[[[]]],{}]`, `{"a":"y","b":"1"}`, `["\u2028\u0085"]`, `{"":1}`, `[1,[2,[3]]]`,
	}
}

func TestJSON(t *testing.T) {
	for _, s := range jsonCases() {
		compareJSON(t, []byte(s))
	}
}

// TestJSONStream reads several values of one file, as the API tools do.
func TestJSONStream(t *testing.T) {
	text := "{\"a\":1}\n{\"b\":2} [3]\n---\n{\"c\":\n 4}\n"
	docs, errs := Parse("x.json", []byte(text), Limits{})
	if len(errs) > 0 || len(docs) != 4 {
		t.Fatal(docs, errs)
	}
	for i, want := range []struct {
		json string
		line int
	}{{`{"a":1}`, 1}, {`{"b":2}`, 2}, {`[3]`, 2}, {`{"c":4}`, 4}} {
		if d := docs[i]; string(d.Root.JSON()) != want.json || d.Line != want.line || d.Index != i {
			t.Errorf("document %d: %s on line %d, want %v", i, d.Root.JSON(), d.Line, want)
		}
	}
	if v := docs[3].Root.Get("c"); v.Line != 5 || v.Col != 2 {
		t.Errorf("c is at %d:%d", v.Line, v.Col)
	}
	if raw := string(docs[1].Raw); raw != `{"b":2}` {
		t.Errorf("raw %q", raw)
	}
}

func TestBrokenJSON(t *testing.T) {
	for text, want := range map[string]string{
		"{\"a\": 1\n \"b\": 2}":                 "x:2:2: unexpected '\"' in JSON",
		"{\"a\": 1, \"a\": 2}":                  `x:1:10: the key "a" is given twice; it stands first on line 1`,
		"{\"a\": [1, 2":                         "x:1:12: unexpected end of the JSON text",
		"{\"a\": 1e999}":                        "x:1:7: the number is too large",
		strings.Repeat("[", 600):                "x:1:513: maps and lists are nested more than 512 levels deep",
		"{\"a\": \"\\q\"}":                      "x:1:8: unexpected '\\' in JSON",
		"{\"items\": [{\"kind\": \"Pod\",, }]}": "x:1:27: unexpected ',' in JSON",
	} {
		docs, errs := Parse("x", []byte(text), Limits{})
		if len(errs) != 1 || errs[0].Error() != want {
			t.Errorf("%.40q: got %v, want %s", text, errs, want)
		}
		if len(docs) != 1 || docs[0].Root != nil {
			t.Errorf("%.40q: %d documents", text, len(docs))
		}
	}
}
