package sim_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/netfate/netfate/"

// layers are the packages from the bottom to the top: one imports only what
// stands below it. A name that ends in "/..." stands for all that is under it and
// in no line of its own; packages of one line do not know each other.
func layers() [][]string {
	return [][]string{
		{"sim/algebra", "sim/algebra/lang", "sim/internal/textdist"},
		{"sim/algebra/request"},
		{"sim/manifest"},
		{"sim/model"},
		{"sim/l7"},
		{"sim/profile", "sim/policyapi", "sim/engine", "sim/oracle", "sim/routing", "sim/mesh", "sim/passcover", "sim/internal/..."},
		{"sim/collect", "sim/inventory", "sim/oracle/random", "sim/admit", "sim/policyapi/rulekit", "sim/policyapi/policytest"},
		{"sim/policyapi/clusterkit"},
		{"sim/policyapi/..."},
		{"sim/policyapi/all"},
		{"sim"},
		{"clusters/observation"},
		{"clusters/probe"},
		{"clusters/probeimage", "clusters/mirror"},
		{"clusters/control"},
		{"clusters/diff"},
		{"clusters/replay"},
		{"clusters/minimise"},
		{"clusters/campaign"},
		{"clusters/evidence"},
		{"features", "scenarios", "clusters"},
		{"clusters/provider", "clusters/apply"},
		{"clusters/provider/...", "clusters/install"},
		{"clusters/install/..."},
		{"clusters/install/all"},
		{"clusters/live"},
		{"reports", "clusters/..."},
		{"cmd/..."},
	}
}

// foreign says where a module of others may be imported.
func foreign() map[string][]string {
	return map[string][]string{
		"github.com/cucumber/":            {"scenarios"},
		"github.com/spf13/":               {"cmd/..."},
		"helm.sh/":                        {"sim/collect", "clusters/install"},
		"sigs.k8s.io/kustomize/":          {"sim/collect"},
		"k8s.io/client-go/":               {"clusters", "clusters/..."},
		"sigs.k8s.io/kind/":               {"clusters", "clusters/..."},
		"k8s.io/api/":                     {"sim/...", "clusters", "clusters/..."},
		"k8s.io/apimachinery/":            {"sim/...", "scenarios", "clusters", "clusters/..."},
		"sigs.k8s.io/network-policy-api/": {"sim/policyapi/...", "clusters/..."},
		"sigs.k8s.io/gateway-api/":        {"sim/policyapi/gatewayapi"},
	}
}

// strangers are pairs that the layers would allow: the first does not know the second.
func strangers() [][2]string {
	return [][2]string{
		{"sim/algebra", "sim/..."},
		{"sim/policyapi/...", "sim/engine"}, {"sim/policyapi/...", "sim/oracle"}, {"sim/policyapi/...", "sim/routing"},
		{"sim/policyapi/...", "sim/collect"}, {"sim/policyapi/...", "sim/inventory"},
		{"sim/collect", "sim/engine"}, {"sim/inventory", "sim/engine"},
		{"sim/oracle", "sim/engine"}, {"sim/oracle/random", "sim/engine"},
		{"sim/engine", "sim/manifest"}, {"sim/engine", "sim/profile"}, {"sim/oracle", "sim/manifest"},
	}
}

// listed is what go list says of a package.
type listed struct {
	ImportPath, Dir, Doc string
	GoFiles, Imports     []string
}

// packages lists those of the module, without the module's name.
func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Doc,GoFiles,Imports", module+"...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		p.ImportPath = strings.TrimPrefix(p.ImportPath, module)
		all = append(all, p)
	}
}

// matches tells whether a pattern names a package.
func matches(pattern, pkg string) bool {
	under, ok := strings.CutSuffix(pattern, "/...")
	return pattern == pkg || ok && strings.HasPrefix(pkg, under+"/")
}

// layerOf returns the layer of a package: that of its own line, or of the longest pattern.
func layerOf(pkg string) (layer int, pattern string) {
	layer = -1
	for i, line := range layers() {
		for _, p := range line {
			if p == pkg {
				return i, p
			}
			if matches(p, pkg) && len(p) > len(pattern) {
				layer, pattern = i, p
			}
		}
	}
	return layer, pattern
}

// TestImports asserts that imports point one way.
func TestImports(t *testing.T) {
	for _, p := range packages(t) {
		own, pattern := layerOf(p.ImportPath)
		if own < 0 {
			t.Errorf("%s has no layer: say in this test where it stands", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			name, inside := strings.CutPrefix(imp, module)
			if !inside {
				checkForeign(t, p.ImportPath, imp)
				continue
			}
			other, _ := layerOf(name)
			if other > own || other == own && pattern != "cmd/..." {
				t.Errorf("%s imports %s, which does not stand below it", p.ImportPath, name)
			}
			for _, s := range strangers() {
				if matches(s[0], p.ImportPath) && matches(s[1], name) {
					t.Errorf("%s imports %s, which it must not know", p.ImportPath, name)
				}
			}
		}
	}
}

func checkForeign(t *testing.T, pkg, imp string) {
	t.Helper()
	first, _, _ := strings.Cut(imp, "/")
	if (pkg == "sim/algebra" || matches("sim/algebra/...", pkg)) && strings.Contains(first, ".") {
		t.Errorf("%s imports %s: it has the standard library alone", pkg, imp)
	}
	if (pkg == "sim/engine" || pkg == "sim/oracle") && strings.Contains(first, "k8s.io") {
		t.Errorf("%s imports %s: it knows no type of Kubernetes", pkg, imp)
	}
	for prefix, where := range foreign() {
		if strings.HasPrefix(imp, prefix) && !slices.ContainsFunc(where, func(w string) bool { return matches(w, pkg) }) {
			t.Errorf("%s imports %s, which belongs under %s", pkg, imp, strings.Join(where, ", "))
		}
	}
}

// TestSources asserts what the sources may not do: start by themselves, panic,
// exit or print from a library, or be without a package comment.
func TestSources(t *testing.T) {
	for _, p := range packages(t) {
		if len(p.GoFiles) > 0 && p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
		for _, name := range p.GoFiles {
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if why := forbidden(n, p.ImportPath); why != "" {
					t.Errorf("%s/%s:%d: %s", p.ImportPath, name, fset.Position(n.Pos()).Line, why)
				}
				return true
			})
		}
	}
}

// forbidden says what is wrong with a node, "" if nothing is.
func forbidden(n ast.Node, pkg string) string {
	if f, ok := n.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
		return "an init function"
	}
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return ""
	}
	if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "panic" {
		return "a call of panic"
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok || pkg == "cmd/netfate" || pkg == "cmd/netfate-probe" || pkg == "cmd/netfate-probe/image" {
		return ""
	}
	switch name := x.Name + "." + sel.Sel.Name; name {
	case "os.Exit", "log.Fatal", "log.Fatalf", "fmt.Print", "fmt.Println", "fmt.Printf":
		return "a call of " + name + " outside of main"
	}
	return ""
}
