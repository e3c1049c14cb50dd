package collect

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
)

const templateHint = "this looks like a Helm template: give the chart's directory, the one with Chart.yaml, with -f"

// FromObject returns the object of a live cluster's content, stripped as Strip does: content is the
// object's JSON as a map, cluster the name of a remote cluster or "". The error says why the object
// cannot be used; for an object of a kind that is not among kinds both results are nil.
func FromObject(content map[string]any, cluster string, kinds []policyapi.Kind) (*model.Object, error) {
	n, err := manifest.FromValue(content)
	if err != nil {
		return nil, err
	}
	if len(kinds) == 0 {
		kinds = InventoryKinds()
	}
	name := n.Get("kind").Str() // of many kinds one is asked about: a whole index would cost more than the object
	at := slices.IndexFunc(kinds, func(k policyapi.Kind) bool { return k.Kind == name && k.APIVersion() == n.Get("apiVersion").Str() })
	w := &reading{kinds: &kindIndex{}}
	if at >= 0 {
		w.kinds = newKindIndex(kinds[at : at+1])
	}
	p := &part{}
	w.object(&input{cluster: cluster}, p, &manifest.Document{Root: n})
	switch {
	case len(p.problems) > 0:
		return nil, p.problems[0]
	case len(p.objects) == 0:
		return nil, nil
	}
	o := &p.objects[0]
	root := Strip(o.Root, o.Kind)
	o.Root = &root
	return o, nil
}

// object takes one document that could be read: it becomes an object, a count or a problem.
func (w *reading) object(in *input, p *part, d *manifest.Document) {
	ref, bad := identify(d.Root)
	if bad.Message != "" {
		bad.File, bad.Line, bad.Col = d.File, int(d.Root.Line), int(d.Root.Col)
		p.problems = append(p.problems, bad)
		return
	}
	kind, exact := w.kinds.find(ref.APIVersion, ref.Kind)
	if kind == nil {
		p.count(ref)
		return
	}
	if in.rendered && isTestHook(d.Root) {
		return
	}
	switch {
	case !kind.Namespaced:
		ref.Namespace = ""
	case ref.Namespace == "" && in.namespace != "":
		ref.Namespace = in.namespace
	case ref.Namespace == "":
		ref.Namespace = "default"
	}
	if !exact {
		p.otherVersion(d, ref, kind)
		return
	}
	if bad = checkName(d.Root, ref); bad.Message != "" {
		bad.File, bad.Line, bad.Col = d.File, int(d.Root.Line), int(d.Root.Col)
		p.problems = append(p.problems, bad)
		return
	}
	p.objects = append(p.objects, model.Object{
		Ref: ref, File: d.File, Line: d.Root.Line, Col: d.Root.Col, Root: d.Root, Cluster: in.cluster,
	})
	if in.snapshot != nil {
		in.snapshot.place(&p.objects[len(p.objects)-1])
	}
}

// identify reads what names an object. A problem without a message is none.
func identify(root *manifest.Node) (model.Ref, model.Problem) {
	if root.Kind != manifest.Map {
		return model.Ref{}, notAnObject("it is " + root.Kind.String() + ", not a map")
	}
	version, kind, meta := root.Get("apiVersion"), root.Get("kind"), root.Get("metadata")
	ref := model.Ref{
		APIVersion: version.Str(), Kind: kind.Str(),
		Namespace: meta.Get("namespace").Str(), Name: meta.Get("name").Str(),
	}
	switch {
	case version == nil && kind == nil:
		return ref, notAnObject("it has no apiVersion and no kind")
	case ref.Kind == "" || kind.Kind != manifest.String:
		return ref, refused(ref, "kind", "kind is missing", "say which kind of object this is")
	case ref.APIVersion == "" || version.Kind != manifest.String:
		return ref, refused(ref, "apiVersion", "apiVersion is missing", "add it, for example apiVersion: networking.k8s.io/v1")
	}
	return ref, model.Problem{}
}

// checkName returns what the API server would say to a missing or impossible name.
func checkName(root *manifest.Node, ref model.Ref) model.Problem {
	meta := root.Get("metadata")
	name, namespace := meta.Get("name"), meta.Get("namespace")
	switch {
	case name == nil && meta.Get("generateName") != nil:
		return refused(ref, "metadata.name", "metadata.name is missing", "generateName alone cannot be applied; give the object a name")
	case ref.Name == "":
		return refused(ref, "metadata.name", "metadata.name is missing", "")
	case name.Kind != manifest.String:
		return refused(ref, "metadata.name", "metadata.name is "+name.Kind.String()+", not a string", fmt.Sprintf("quote it: %q", ref.Name))
	case namespace.Len() > 0 || (namespace.Str() != "" && namespace.Kind != manifest.String):
		return refused(ref, "metadata.namespace", "metadata.namespace is "+namespace.Kind.String()+", not a string", "quote it")
	case strings.Contains(ref.Name, "{{") || strings.Contains(ref.Namespace, "{{"):
		return refused(ref, "metadata.name", "the name is a template that was not rendered", templateHint)
	}
	return model.Problem{}
}

func notAnObject(why string) model.Problem {
	return model.Problem{Severity: model.Warning, Message: "not a Kubernetes object: " + why + "; skipped"}
}

func refused(ref model.Ref, field, message, hint string) model.Problem {
	return model.Problem{Severity: model.Error, Object: ref, Field: field, Message: message, Hint: hint, Rejected: true}
}

func (p *part) count(ref model.Ref) {
	if p.unread == nil {
		p.unread = map[[2]string]int{}
	}
	p.unread[[2]string{ref.APIVersion, ref.Kind}]++
}

// otherVersion records an object whose kind is read in other versions only.
func (p *part) otherVersion(d *manifest.Document, ref model.Ref, kind *knownKind) {
	why := ref.Kind + " is not read in version " + ref.APIVersion
	p.problems = append(p.problems, model.Problem{
		Severity: model.Warning, File: d.File, Line: int(d.Root.Line), Col: int(d.Root.Col), Object: ref, Field: "apiVersion",
		Message: why, Hint: "read are: " + strings.Join(kind.versions, ", "),
	})
	if kind.policy {
		ref.APIVersion = kind.versions[0] // whoever reads the kind bounds what it may do
		p.broken = append(p.broken, model.Broken{Ref: ref, File: d.File, Line: int(d.Root.Line), Why: why})
		return
	}
	p.count(ref)
}

// broken records a document that could not be read, with what can be guessed of it.
func (w *reading) broken(in *input, p *part, d *manifest.Document, e manifest.Error) {
	var ref model.Ref
	ref.Kind, ref.APIVersion, ref.Namespace, ref.Name = manifest.Sniff(bytes.ToValidUTF8(d.Raw, []byte("\uFFFD"))) // a snapshot keeps valid text only
	if e.Line == 0 {
		e.Line = d.Line
	}
	if bytes.Contains(d.Raw, []byte("{{")) {
		e.Hint = templateHint
	}
	ref.Kind = strings.TrimSuffix(ref.Kind, "List") // its items may be anywhere
	if ref.Kind == "" || strings.Contains(ref.APIVersion, "{{") {
		ref = model.Ref{}
	}
	p.problems = append(p.problems, model.Problem{
		Severity: model.Error, File: in.name, Line: e.Line, Col: e.Col, Object: ref,
		Message: "cannot be read: " + e.Msg, Hint: e.Hint,
	})
	if ref.Kind != "" && ref.APIVersion != "" {
		if kind, _ := w.kinds.find(ref.APIVersion, ref.Kind); kind == nil {
			p.count(ref)
			return
		}
	}
	p.broken = append(p.broken, model.Broken{Ref: ref, File: in.name, Line: e.Line, Why: e.Msg})
}
