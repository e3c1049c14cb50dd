package manifest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestDocuments checks how files are cut into documents and what positions they get.
func TestDocuments(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"# nothing\n\n", ""},
		{"---\n---\n# c\n---\n", ""},
		{"a: 1", "1:{a}@1:4"},
		{"---\na: 1\n---\nb: 2\n", "2:{a}@2:4 4:{b}@4:4"},
		{"# c\n---\n\n# c\na: 1\n...\n---\nb: 2\n...\n", "5:{a}@5:4 8:{b}@8:4"},
		{"--- # c\r\na: 1\r\n---   \r\nb: 2\r\n", "2:{a}@2:4 4:{b}@4:4"},
		{"--- {a: 1}\n--- \nb: 2\n", "1:{a}@1:9 3:{b}@3:4"},
		{"\ufeff---\na: 1\n", "2:{a}@2:4"},
		{"\ufeffa: 1\n", "1:{a}@1:4"},
		{"\ufeff{a: *x}\n---\nb: 1", "1:broken 3:{b}@3:4"},
		{"\ufeffa: &x 1", "1:{a}@1:4"},
		{"a: 1\n---\nb: [\n---\nc: 3\n", "1:{a}@1:4 3:broken 5:{c}@5:4"},
		{"%YAML 1.1\n---\na: 1\n---\nb: 2", "1:{a}@3:4 5:{b}@5:4"},
		{"a: |\n  x\n---\nb: 2", "1:{a}@1:4 4:{b}@4:4"},
		{"é: ü\nb: [日, x]\n", "1:{é b}@1:5"},
		{"a: &x 日本\n日: [*x, y]\n", "1:{a 日}@1:4"},
		{"a:\n\n  # c\n  - x\n", "1:{a}@4:3"},
	} {
		docs, errs := Parse("x", []byte(c.text), Limits{})
		var got []string
		broken := 0
		for i, d := range docs {
			if d.Index != i || d.File != "x" {
				t.Errorf("%q: document %d has index %d, file %q", c.text, i, d.Index, d.File)
			}
			if d.Root == nil {
				broken++
				got = append(got, fmt.Sprintf("%d:broken", d.Line))
				continue
			}
			var keys []string
			for _, k := range d.Root.Keys {
				keys = append(keys, k.Name)
			}
			first := d.Root.Items[0]
			got = append(got, fmt.Sprintf("%d:{%s}@%d:%d", d.Line, strings.Join(keys, " "), first.Line, first.Col))
		}
		if s := strings.Join(got, " "); s != c.want || broken != len(errs) {
			t.Errorf("%q:\n got %s %v\nwant %s", c.text, s, errs, c.want)
		}
	}
}

// TestSyntaxErrors holds the messages for common mistakes.
func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a: b\n\tc: d\n", "x:2:1: found a tab character that violates indentation (YAML does not allow tabs in the indentation; use spaces)"},
		{"a:\n  b: {{ .Values.x }}\n", "x:2:7: a map or a list cannot be a key (this looks like a template; render it first)"},
		{"{{ if .x }}\na: b\n{{ end }}\n", "x:1:2: did not find expected <document start> (this looks like a template; render it first)"},
		{"a: b: c\n", `x:1:5: mapping values are not allowed in this context (a value with ": " in it must be quoted)`},
		{"kind: X\nspec:\n  a: 1\n b: 2\n", "x:4:2: did not find expected key"},
		{"a: [1, 2\nb: c\n", "x:2:1: did not find expected ',' or ']'"},
		{"a: \"x\nb: c\n", "x:1:4: the quote that opens here is not closed"},
		{"a: *x\n", "x:1:4: unknown anchor 'x' referenced (a value that starts with * is an alias; quote it)"},
		{"a: @x", "x:1:4: found character that cannot start any token (a value cannot start with @; quote it)"},
		{"a: 1\nb: 2\na: 3", `x:3:1: the key "a" is given twice; it stands first on line 1`},
		{"a: &x 1\nb: 2\na: 3", `x:3:1: the key "a" is given twice; it stands first on line 1`},
		{"a: .inf", "x:1:4: .inf is a number that JSON, and so Kubernetes, cannot hold"},
		{"a: b\x00c", "x:1:5: a NUL character is not allowed (is this a binary or a UTF-16 file?)"},
		{"a: 1\nb: \xff", "x:2:4: invalid UTF-8 or a control character at byte 0xff (save the file as UTF-8)"},
		{"a: \x1b[0m", "x:1:4: the control character 0x1b is not allowed"},
		{"~: x", `x:1:1: the key "~" cannot be a name in JSON (quote it)`},
		{"a: &x [*x]", `x:1:8: the value of anchor "x" contains itself`},
		{"<<<<<<< HEAD\na: b\n", "x:2:1: mapping values are not allowed in this context (this is a merge conflict)"},
		{"\xff\xfea\x00", "x:1:1: the file is UTF-16, not UTF-8 (save it as UTF-8, for example: iconv -f UTF-16 -t UTF-8)"},
		{"a\x00:\x00", "x:1:1: the file is UTF-16, not UTF-8 (save it as UTF-8, for example: iconv -f UTF-16 -t UTF-8)"},
	} {
		_, errs := Parse("x", []byte(c.text), Limits{})
		if len(errs) != 1 || errs[0].Error() != c.want {
			t.Errorf("%q:\n got %v\nwant %s", c.text, errs, c.want)
		}
	}
}

// TestLimits checks that hostile files cost no more than the limits say.
func TestLimits(t *testing.T) {
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 20; i++ {
		ref := fmt.Sprintf("*a%d", i-1)
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.Repeat(ref+", ", 9)+ref)
	}
	for name, c := range map[string]struct {
		text string
		lim  Limits
		want string
	}{
		"alias bomb":      {bomb, Limits{}, "expand to more than 250000 values"},
		"merge bomb":      {strings.ReplaceAll(strings.ReplaceAll(bomb, "[", "{<<: ["), "]", "]}"), Limits{}, "merge key needs a map"},
		"flow lists":      {strings.Repeat("[", 100_000), Limits{}, "nested more than 512"},
		"flow maps":       {strings.Repeat("{a: ", 100_000), Limits{}, "nested more than 512"},
		"block lists":     {strings.Repeat("- ", 100_000), Limits{}, "nested more than 512"},
		"slow and deep":   {"a: &x b\nc: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000), Limits{}, "nested more than 512"},
		"many nodes":      {"[" + strings.Repeat("1,", 2000) + "1]", Limits{MaxNodes: 1000}, "more than 1000 values"},
		"many slow nodes": {"[&x a," + strings.Repeat("b,", 2000) + "c]", Limits{MaxNodes: 1000}, "more than 1000 values"},
		"large file":      {"a: b", Limits{MaxBytes: 3}, "more than the limit of 3"},
		"large and slow":  {"a: &x " + strings.Repeat("b", 100), Limits{MaxSlowBytes: 50}, "more than the limit of 50"},
	} {
		start := time.Now()
		_, errs := Parse("x", []byte(c.text), c.lim)
		if len(errs) != 1 || !strings.Contains(errs[0].Error(), c.want) {
			t.Errorf("%s: got %.200v, want %s", name, errs, c.want)
		}
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("%s took %v", name, d)
		}
	}
}

// TestLinear checks that no common or hostile shape takes time that grows faster than its size.
func TestLinear(t *testing.T) {
	for name, text := range map[string]string{
		"documents":     strings.Repeat("a: 1\n---\n", 100_000),
		"empty":         strings.Repeat("---\n", 200_000),
		"dots":          strings.Repeat("...\n", 200_000) + "a: 1",
		"comments":      strings.Repeat("# c\n", 200_000) + "a: 1",
		"keys":          manyKeys(100_000),
		"slow one line": "a: &x é, " + strings.Repeat("b ", 200_000) + "\nc: [" + strings.Repeat("é, ", 50_000) + "]",
		"quotes":        strings.Repeat("- 'it''s'\n", 100_000),
		"literal":       "a: |\n" + strings.Repeat("  x\n\n", 100_000),
		"JSON values":   strings.Repeat("{} ", 100_000),
		"openers":       strings.Repeat("a: [\n---\n", 5_000),
	} {
		start := time.Now()
		Parse("x", []byte(text), Limits{})
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("%s: %d bytes took %v", name, len(text), d)
		}
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "key%d: %d\n", i, i)
	}
	return b.String()
}

// TestReader checks that a Reader gives what Parse gives, file after file, and that clones and decoded
// values outlive its next call.
func TestReader(t *testing.T) {
	r := NewReader(Limits{})
	var clones []*Node
	texts := [][]byte{pods(300), []byte(policyText), []byte("a: [\n---\nb: 1"), pods(5), []byte("a: &x [b]\nc: *x"), []byte(manyKeys(3000)), pods(100)}
	for _, text := range texts {
		want, wantErrs := Parse("x", text, Limits{})
		got, errs := r.Parse("x", text)
		if len(got) != len(want) || fmt.Sprint(errs) != fmt.Sprint(wantErrs) {
			t.Fatalf("%d documents %v, want %d %v", len(got), errs, len(want), wantErrs)
		}
		for i := range got {
			if string(got[i].Root.JSON()) != string(want[i].Root.JSON()) {
				t.Fatalf("document %d differs", i)
			}
		}
		clones = append(clones, got[0].Root.Clone())
	}
	for i, text := range texts {
		want, _ := Parse("x", text, Limits{})
		if string(clones[i].JSON()) != string(want[0].Root.JSON()) {
			t.Errorf("the clone of file %d changed", i)
		}
	}
}
