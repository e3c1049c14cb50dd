package manifest

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// slowParse parses one document with the YAML library and converts its tree. What scalars mean is
// decided by this package, not by the library, whose rules are those of YAML 1.2. stop is where the fast
// parser gave up, which tells more about a mistake than the library does.
func slowParse(src string, c chunk, stop place, lim Limits) (root *Node, failed *Error) {
	if c.end-c.start > lim.MaxSlowBytes {
		return nil, &Error{Line: c.contentLine, Col: 1, Msg: fmt.Sprintf(
			"the document has %d bytes, more than the limit of %d for documents with YAML features that few manifests use",
			c.end-c.start, lim.MaxSlowBytes), Hint: "do without anchors, aliases and tags, or split it"}
	}
	text := src[c.start:c.end]
	doc, err := libraryParse(text)
	if err != nil {
		return nil, explainSyntax(src, c, stop, err.Error())
	}
	if e := checkVersion(text, c); e != nil {
		return nil, e
	}
	conv := converter{src: src, chunk: c, lim: lim, lines: newLineTable(src, c)}
	root = &Node{Line: uint32(c.contentLine), Col: 1}
	if len(doc.Content) == 1 && !conv.node(doc.Content[0], root, 0) {
		return nil, conv.err
	}
	return root, nil
}

// libraryParse returns the only document of text. It turns a panic of the library into an error.
func libraryParse(text string) (doc yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml: the YAML library failed: %v", r)
		}
	}()
	dec := yaml.NewDecoder(strings.NewReader(text))
	if err := dec.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return doc, err
	}
	var more yaml.Node
	if err := dec.Decode(&more); err == nil {
		return doc, fmt.Errorf("yaml: line %d: a second document starts without a line that begins with ---", more.Line)
	} else if !errors.Is(err, io.EOF) {
		return doc, err
	}
	return doc, nil
}

// checkVersion rejects a %YAML directive other than 1.1, as yaml/v2 does.
func checkVersion(text string, c chunk) *Error {
	for i, line := range strings.SplitN(text, "\n", 16) {
		if v, ok := strings.CutPrefix(line, "%YAML"); ok {
			if v, _, _ = strings.Cut(strings.TrimSpace(v), " "); v != "1.1" {
				return &Error{Line: c.startLine + i, Col: 1, Msg: "YAML version " + v + " is not supported; Kubernetes reads 1.1",
					Hint: "remove the %YAML line"}
			}
		}
		if strings.HasPrefix(line, "---") {
			break
		}
	}
	return nil
}

// converter turns a library tree into Nodes.
type converter struct {
	src     string
	chunk   chunk
	lim     Limits
	nodes   int
	aliased int
	aliases []*yaml.Node // aliases being expanded, to find cycles
	lines   lineTable
	err     *Error
}

// fail records the conversion's first error, at n.
func (v *converter) fail(n *yaml.Node, msg, hint string) bool {
	if v.err == nil {
		line, col := v.position(n)
		v.err = &Error{Line: line, Col: col, Msg: msg, Hint: hint}
	}
	return false
}

// node converts n into out. It returns false after an error.
func (v *converter) node(n *yaml.Node, out *Node, depth int) bool {
	if depth > v.lim.MaxDepth {
		return v.fail(n, tooDeep(v.lim), "")
	}
	if v.nodes++; v.nodes > v.lim.MaxNodes {
		return v.fail(n, tooMany(v.lim), "")
	}
	if len(v.aliases) > 0 {
		if v.aliased++; v.aliased > v.lim.MaxAliasNodes {
			return v.fail(v.aliases[0], fmt.Sprintf("the aliases of this document expand to more than %d values", v.lim.MaxAliasNodes), "")
		}
	}
	line, col := v.position(n)
	out.Line, out.Col = uint32(line), uint32(col)
	switch n.Kind {
	case yaml.AliasNode:
		return v.alias(n, out, depth)
	case yaml.MappingNode:
		return v.mapping(n, out, depth)
	case yaml.SequenceNode:
		out.Kind = List
		out.Items = make([]Node, len(n.Content))
		for i, item := range n.Content {
			if !v.node(item, &out.Items[i], depth+1) {
				return false
			}
		}
		return true
	case yaml.ScalarNode:
		return v.scalar(n, out)
	}
	return v.fail(n, "unexpected YAML", "")
}

// alias converts what the alias n stands for. The value's position is the alias, its parts keep the
// positions of the anchored text.
func (v *converter) alias(n *yaml.Node, out *Node, depth int) bool {
	for _, a := range v.aliases {
		if a.Alias == n.Alias {
			return v.fail(n, "the value of anchor "+strconv.Quote(n.Value)+" contains itself", "")
		}
	}
	line, col := out.Line, out.Col
	v.aliases = append(v.aliases, n)
	ok := v.node(n.Alias, out, depth+1)
	v.aliases = v.aliases[:len(v.aliases)-1]
	out.Line, out.Col = line, col
	return ok
}

// scalar resolves a scalar by its style and tag as yaml/v2 does.
func (v *converter) scalar(n *yaml.Node, out *Node) bool {
	out.Kind, out.Value = String, n.Value
	if n.Style&yaml.TaggedStyle != 0 {
		return v.tagged(n, out)
	}
	if n.Style != 0 || v.nonSpecificTag(n) {
		return true
	}
	var ok bool
	if out.Kind, out.Value, ok = resolvePlain(n.Value); !ok {
		return v.fail(n, notFinite(n.Value), "")
	}
	return true
}

// tagged resolves a scalar with an explicit tag.
func (v *converter) tagged(n *yaml.Node, out *Node) bool {
	tag := strings.Replace(n.Tag, "tag:yaml.org,2002:", "!!", 1)
	switch tag {
	case "!!str", "!!timestamp", "!!bool", "!!int", "!!float", "!!null":
	case "!!binary":
		data, err := base64.StdEncoding.DecodeString(n.Value)
		if err != nil || !utf8.Valid(data) {
			return v.fail(n, "the !!binary value is not base64 of valid UTF-8", "put the base64 text itself into the manifest")
		}
		out.Value = string(data)
		return true
	default:
		return true // yaml/v2 takes values with a tag it does not know for strings
	}
	if tag == "!!str" {
		return true
	}
	kind, text, finite := resolvePlain(n.Value)
	want := map[string]Kind{"!!timestamp": String, "!!bool": Bool, "!!int": Int, "!!float": Float, "!!null": Null}[tag]
	isTime := tag == "!!timestamp" && isTimestamp(n.Value)
	switch {
	case kind == Int && want == Float:
		kind, text, finite = floatOf(text)
	case kind != want, tag == "!!timestamp" && !isTime:
		return v.fail(n, "cannot read "+strconv.Quote(n.Value)+" as "+tag, "")
	}
	if !finite {
		return v.fail(n, notFinite(n.Value), "")
	}
	out.Kind, out.Value = kind, text
	return true
}

// floatOf returns the integer text as a float.
func floatOf(text string) (Kind, string, bool) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return Float, "", false
	}
	return floatText(f)
}

// nonSpecificTag reports whether n carries the tag "!", which makes it a string and which the library
// does not tell.
func (v *converter) nonSpecificTag(n *yaml.Node) bool {
	at := v.offset(n)
	return at < v.chunk.end && v.src[at] == '!'
}
