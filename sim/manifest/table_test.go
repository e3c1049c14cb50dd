package manifest

import (
	"strings"
	"testing"
)

// yamlCases are documents that must mean to us what they mean to sigs.k8s.io/yaml: one trap each.
func yamlCases() []string {
	return []string{
		// scalars
		"a: y\nb: Y\nc: yes\nd: Yes\ne: YES\nf: on\ng: On\nh: ON\ni: true\nj: True\nk: TRUE",
		"a: n\nb: N\nc: no\nd: No\ne: NO\nf: off\ng: Off\nh: OFF\ni: false\nj: False\nk: FALSE",
		"a: yEs\nb: oN\nc: tRUE\nd: nO\ne: nULL\nf: Nope\ng: offer\nh: yesno",
		"a: ~\nb: null\nc: Null\nd: NULL\ne:\nf: ''\ng: \"\"\nh: \"null\"\ni: '~'",
		"a: 0\nb: 00\nc: 017\nd: 08\ne: 0o17\nf: 0x1F\ng: 0X1f\nh: 0b101\ni: -0b101\nj: 0b+101\nk: 1_000\nl: -1_0",
		"a: +1\nb: -1\nc: -0\nd: +\ne: -\nf: 1-2\ng: 1+2\nh: --1\ni: +-1\nj: 0x\nk: 0xg\nl: 1e\nm: 0b2\nn: 0_8",
		"a: 1.0\nb: 1.\nc: .5\nd: 1e3\ne: 1E+3\nf: 1e-7\ng: 1.5e300\nh: 1e400\ni: 1_0.5\nj: -.5\nk: +.5\nl: -1.\nm: .\nn: ..\no: .e1\np: 0x1p-2\nq: 0.1e1.1",
		"a: 9223372036854775807\nb: 9223372036854775808\nc: 18446744073709551615\nd: 18446744073709551616\ne: -9223372036854775808\nf: -9223372036854775809\ng: 99999999999999999999999",
		"a: 123456789012345678\nb: 1234567890123456789\nc: 0123456789\nd: 0777\ne: 0888",
		"a: 2001-01-01\nb: 2001-1-1\nc: 2001-12-14T21:59:43.10-05:00\nd: 12:30:45\ne: 190:20:30\nf: 2001-12-14 21:59:43",
		"a: .inf", "a: -.INF", "a: .nan", "a: +.Inf", "a: .iNf\nb: .nAn",
		"a: 1.2.3.4\nb: 10.0.0.0/8\nc: 100m\nd: 1Gi\ne: v1\nf: 1a\ng: abc\nh: fe80::1\ni: ::1\nj: 0e0\nk: e1\nl: 1f\nm: 0xdeadbeef",
		"a: <<\nb: =\nc: a=b\nd: $(X)\ne: <x>\nf: a,b\ng: a[0]\nh: a{b}\ni: a]b\nj: x?y\nk: x!y\nl: x&y*z\nm: 'x'\n",
		"a: x#y\nb: x #y\nc: '#'\nd: \"x # y\"\ne: x# y\nf: x\t#y",
		"a: x:y\nb: :8080\nc: http://x:80/\nd: x:\n", "a: b: c", "a: 'b': c", "a: b:", "a: b :c", "a: :", "a: : b", "a: ::", ":a: b", "a:b: c", "- :x",
		"- -f\n- --flag=x\n- -1\n- - x\n- -\n- ---\n- -a: b", "- ?x\n- x", "- ?", "? a\n: b", "- %x", "%x: y", "a: %x", "a: @x", "a: `x`", "a: ,", "a: ]", "a: }", "a: !x y", "a: ! 12",
		// keys
		"1: a\n0x10: b\n1.5: c\nyes: d\n2001-01-01: e\n-1: f\n1e3: g\n+1: h", "null: a", "~: a", "? : a", ": a", "'': a", "\"\": a", "\"1\": a\n'y': b", ".inf: a\n-.INF: b\n.NaN: c",
		"18446744073709551615: a", "a b: c", "a : b", "a  : b\nc\t: d", "\"a\" : b", "'a': b\n\"c\": d", "\"a\":b", "'a'b: c", "a'b: c", "a\"b\": c",
		"x: {a: 1, 2: b, yes: c, 'd': e}", "*a: b", "&a b: c", "!x a: b", "[a]: b", "{a: b}: c", "a: 1\na: 2", "a: {b: 1, b: 2}", "1: a\n\"1\": b", "yes: a\non: b",
		// quotes
		`a: "\0\a\b\t\n\v\f\r\e\ \"\'\\\N\_\L\P\x41\u00e9\U0001F600"`, `a: "\/"`, `a: "\q"`, `a: "\x4"`, `a: "\ud800"`, `a: "\U00110000"`, `a: "\`, `a: "\"`,
		"a: 'it''s'", "a: ''''", "a: 'x", "a: \"x", "a: 'x' y", "a: 'x'y", "a: 'x'#y", "a: 'x' #y", "a: \"x\ny\"", "a: 'x\n  y'", "a: \"x\\\n  y\"", "a: \"tab\there\"", "a: 'a # b: c'",
		// block structure
		"a:\n- x\n- y\nb: z", "a:\n  - x\n  - y\nb: z", "a:\n- x\n-\n- y", "a:\n-\nb: 1", "-\n- \n-\n", "- a\n-\n  b", "-\n  a: b\n  c: d", "- a: b\n  c: d\n- e: f", "- a: b\n c: d", "- a\n b",
		"- - - a\n    - b\n  - c\n- d", "-   a: b\n    c: d", "- - a: b\n    c: d\n  - e", "a:\n  b:\n    c:\n  d:\ne:", "a:\n b: 1\n  c: 2", "a:\n  b: 1\n c: 2", "a: 1\n b: 2", " a: 1\n b: 2", " a: 1\nb: 2",
		"a:\n- b\n c", "a:\n- b\n- c\nd", "a:\n  x\n", "a:\n  'x'\n", "a:\n  x\n  y\n", "a: x\n  y\n  z", "a: x\n\n  y", "x\ny", "x", "'x'", "- x\ny: z", "a: b\n- c", "a:\n- b\n- c\n  d: e", "a:\n  - b\n- c",
		"a: # comment\n  b: c # comment\n# comment\n   # comment\n  d: e", "a: b\n# c\n\n\n#\nd: e", "#c\na: b", "a:\n# c\n- b\n# c\n- d", "a:\n    # deeper\n  b: c", "a: x\n  # more\n  y",
		"a:   b   \nc:  d\t\n", "a:\tb", "\ta: b", "a:\n\tb: c", "a:\n  \tb: c", "- \ta", "-\ta", "a: b\n\t\nc: d", "a: b\n  \t\nc: d", "a: b\n \nc: d", "a: b \t # c", "\t# c\na: b",
		"a: b\r\nc:\r\n- d\r\n- 'e'\r\n", "a: b\rc: d", "a: |\r\n  x\r\n  y\r\nb: c\r\n", "a: b", "a: b\n", "a: b\n\n\n", "a: b\n   ", "a:", "a: ", "-", "- ", "a:\n  ", "a:\n-",
		// flow
		"{", "[", "[a,", "{a:", "{a: ", "{a: b,", "{\"a\"", "a: [", "a: {\n", "{}", "[]", "a: {}\nb: []", "a: { }\nb: [ ]", "{a: b}", "{a: b, c: [d, {e: f}]}", "{a: b,}", "[a,]", "[,]", "{,}", "[a,,b]", "{a: b,,}", "{a: , b: c}", "{a: }", "{a}", "{a, b: c}", "{a:b}", "{a:}", "{a:, b}", "{\"a\":b}", "{\"a\":\"b\"}", "{'a':1}", "{a: b:c}", "[a:b]", "[a: b]", "[a: b, c]", "[a:]",
		"[a b, c d ]", "[a\tb]", "{a b: c d}", "{a : b}", "{a :b}", "[ 'a' , \"b\" ]", "['a'b]", "[a 'b']", "[-a, -1, --x]", "[- a]", "[-]", "[-, a]", "[?a]", "[a?b]", "[a?]", "[? a]", "{? a : b}", "[a#b]", "[a #b\n]", "[a, # b\n c]", "[a,#b\n]", "[a#,b]", "[:a]", "[a::b]", "[::1]", "{a: ::1}", "{a: [b}", "[a", "{a: b", "[a]]", "[a] b", "[a] # b", "{a: b}c", "[&a b, *a]", "[!x y]", "[%a]", "[@a]", "[`a`]", "[|]", "[>]", "[a|b]", "[*]",
		"a: [b,\n  c,\nd]\ne: f", "a: {b: c,\nd: e}\nf: g", "a: [\n]\nb: c", "a: {\n  b: c, # x\n  # y\n  d: e\n}\n", "a: [b\n  c]", "a: [b\n  , c]", "a: {b\n  : c}", "a: {b:\n  c}", "a: {\"b\"\n: c}", "a: {\"b\":\n 1}", "a:\n  [b]\n", "a:\n[b]\n", "a:\n{b: c}\n", "- [a, b]\n- {c: d}", "[a, [b, [c, [d]]]]", "[a]\n[b]", "{a: b}\n{c: d}", "[a: {b: c}]", "{a: {b: {c: {}}}}", "{y: n, 1: 2, ~: x}", "{y: n, 1: 2, on: ~}", "[\n\ta,\n\tb\n]", "{a: 1\n, b: 2}", "{\"a\": 1, \"b\": [true, null, 1.5, \"x\"]}", "[[], {}, [[]]]", "[{}]",
		// block scalars
		"a: |\n  x\n  y\n", "a: |\n  x\n  y", "a: |-\n  x\n\n\nb: c", "a: |+\n  x\n\n\nb: c", "a: |\n  x\n\n\nb: c", "a: |+\n  x\n\n", "a: |\n\n\n  x\n", "a: |\n  x\n   y\n  z\n", "a: |2\n    x\n   y\n", "a: |1-\n  x\n", "a: |-1\n  x\n", "a: |+2\n  x\n\n", "a: |0\n x", "a: |10\n x", "a: | # c\n  x", "a: |# c\n  x", "a: |x\n  y", "a: |\n x\n  y\n z\nb: c", "a: |\nb: c", "a: |\n\nb: c", "a: |+\n\nb: c", "a: |+\n\n", "a: |", "a: |\n", "a: |\n   ", "a: |\n   \n  x", "a: |\n \n  x\n", "a: |\n  x\n \n  y\n", "a: |\n  x\n    \n  y\n", "a: |\n  x\n#c\nb: d", "a: |\n  x\n # c\nb: d", "a: |\n  # x\n  y", "a: |\n  x\n y", "a: |\n\tx", "a: |\n  x\n\ty", "a: |\n  x\n  \ty\n", "a: |\n \tx",
		"a: >\n  x\n  y\n", "a: >\n  x\n\n  y\n", "a: >\n  x\n   y\n  z\n", "a: >\n  x\n\n   y\n\n  z\n", "a: >-\n  x\n  y\n\n", "a: >+\n  x\n\n  y\n\n", "a: >\n\n  x\n", "a: >\n   x\n  y\n", "a: >\n  x\n  \ty\n  z", "a: >2-\n    x\n  y", "- |\n x\n- >\n y\n", "- |\n  x\n -\n", "a:\n- |\n  x\n- y", "a:\n- |\n x\n- y", "a:\n  - b: |\n      x\n    c: d", "|\n x", "|\nx", ">\n x\n y", "a: |\n  x: y\n  - z\n  'q\nb: c", "a:\n  |\n  x", "a:\n  |\n   x\nb: c", "a: >\n  x  \n  y\n", "a: |\n  x  \n",
		// documents
		"--- a: b", "---\na: b", "--- {a: b}", "--- |\n x", "--- # c\na: b", "%YAML 1.1\n---\na: b", "%YAML 1.2\n---\na: b", "%TAG ! x\n---\na: b", "a: b\n...", "a: b\n... # c", "---a: b", "--- 'x", "...", "---\n...\n", "--- &a\nb: *a",
		// anchors, aliases, tags, merges
		"a: &x 1\nb: *x", "a: &x {b: c}\nd: *x\ne: [*x, *x]", "a: *x", "a: &x [*x]", "a: &x {b: *x}", "a: &x 1\nb: &x 2\nc: *x", "a: &x\nb: *x", "&x a: *x", "a: &x b\n*x : c",
		"a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3", "a: &x {b: 1, c: 2}\nd:\n  c: 3\n  <<: *x", "a: &x {b: 1}\nb: &y {b: 2, c: 3}\nd: {<<: [*x, *y]}", "d: {<<: {a: b}, c: d}", "d: {<<: x}", "d: {<<: [x]}", "d: {'<<': x}", "<<: {a: b}", "a: &x [1]\n<<: *x",
		"a: !!str 1\nb: !!int \"3\"\nc: !!float 3\nd: !!bool yes\ne: !!null ''\nf: !!binary aGVsbG8=\ng: !custom x\nh: !!timestamp 2001-01-01", "a: !!int x", "a: !!bool 1", "a: !!null x", "a: !!float x", "a: !!timestamp x", "a: !!binary '!'", "a: !!map {}\nb: !!seq []\nc: !!set {a}", "!!str 1: x", "!!int \"1\": x", "a: !!str\nb: !!str\n", "a: !<tag:yaml.org,2002:str> 1", "a: !!float 0x10", "a: !!int 1.5", "a: ! 1\nb: ! yes", "! 1: x", "a: !!str &x 1\nb: *x",
		// characters
		"a: é\nü: 日本\n😀: x", "a: \"é\" # ü", "a: x\u00a0y", "a: x\u0085y", "a: x\u2028y", "\ufeffa: b", "a: \ufeffb", "a: b\u0007", "a: \x7f", "a: \x80", "a: \xff\xfe", "a: \xc0\x80", "a: \xed\xa0\x80", "a: \ufffe", "a: b\x00", "日: {é: [ü, \"日\"]}\nx: y", "# é\na: b",
		strings.Repeat("x", 1030) + ": a", "\"" + strings.Repeat("x", 1030) + "\": a", "{" + strings.Repeat("x", 1030) + ": a}", strings.Repeat("x", 990) + ": a", "a" + strings.Repeat(" ", 1030) + ": b", "a: " + strings.Repeat("x", 3000), "- " + strings.Repeat("é", 600) + ": a",
	}
}

// TestYAMLCases compares every trap with the library, alone and in the places where values stand.
func TestYAMLCases(t *testing.T) {
	for _, text := range yamlCases() {
		compare(t, "case", []byte(text))
		compare(t, "case", []byte(text+"\n"))
		compare(t, "in list", []byte("- "+strings.ReplaceAll(text, "\n", "\n  ")+"\n- end\n"))
		compare(t, "in map", []byte("k:\n  "+strings.ReplaceAll(text, "\n", "\n  ")+"\nend: 1\n"))
		compare(t, "in flow", []byte("k: [x, "+text+", z]\n"))
		compare(t, "CRLF", []byte(strings.ReplaceAll(text, "\n", "\r\n")))
	}
}
