package scenarios

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cucumber/godog"
	messages "github.com/cucumber/messages/go/v21"
)

// plan is the scenarios of a run, in order.
type plan struct {
	list  []*scenarioResult
	byID  map[string]int // by pickle
	dirs  []string       // of each scenario's feature
	empty []string       // features without a scenario
}

// suite returns godog's suite over the options.
func (o *Options) suite() *godog.TestSuite {
	return &godog.TestSuite{Name: "netfate", Options: &godog.Options{
		Paths: o.Paths, FS: o.FS, Tags: o.Tags, Strict: true, NoColors: true, Concurrency: max(1, o.Concurrency),
	}}
}

// read parses all features. The error names file, line and column.
func (o *Options) read() (*plan, error) {
	if len(o.Paths) == 0 {
		return nil, errors.New("no specification is named: give .feature files or directories that hold some")
	}
	files, err := o.files()
	if err != nil {
		return nil, err
	}
	features, err := o.suite().RetrieveFeatures()
	if err != nil {
		return nil, place(err)
	}
	p := &plan{byID: map[string]int{}}
	for _, f := range features {
		uri, _ := cutLine(f.Uri)
		delete(files, uri)
		nodes := nodesOf(f.Feature)
		for _, pickle := range f.Pickles {
			p.add(f.Feature.Name, uri, pickle, nodes)
		}
	}
	if o.Tags == "" {
		p.empty = inOrder(files)
	}
	return p, nil
}

// files returns the feature files that the paths name, each with its order.
func (o *Options) files() (map[string]int, error) {
	out := map[string]int{}
	add := func(name string) {
		if _, ok := out[name]; !ok {
			out[name] = len(out)
		}
	}
	for _, p := range o.Paths {
		name, _ := cutLine(p)
		err := o.walk(name, func(path string) { add(path) })
		if err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no .feature file in %s", strings.Join(o.Paths, ", "))
	}
	return out, nil
}

// walk calls f for the feature files at a path.
func (o *Options) walk(name string, f func(string)) error {
	visit := func(p string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%s: no such file or directory", p)
		case err != nil:
			return err
		case !d.IsDir() && (p == name || strings.HasSuffix(p, ".feature")):
			f(p)
		}
		return nil
	}
	if o.FS != nil {
		return fs.WalkDir(o.FS, name, visit)
	}
	if info, err := os.Stat(name); err == nil && !info.IsDir() {
		f(name)
		return nil
	}
	return filepath.WalkDir(name, visit)
}

// inOrder lists the files as they were named.
func inOrder(files map[string]int) []string {
	return slices.SortedFunc(maps.Keys(files), func(a, b string) int { return files[a] - files[b] })
}

// cutLine splits "file.feature:12".
func cutLine(path string) (string, int) {
	name, after, ok := strings.Cut(path, ".feature:")
	if !ok {
		return path, 0
	}
	line, err := strconv.Atoi(after)
	if err != nil {
		return path, 0
	}
	return name + ".feature", line
}

// place turns godog's parse error into one with file:line:column.
func place(err error) error {
	text := err.Error()
	file, rest, ok := strings.Cut(text, " - Parser errors:")
	if !ok {
		return err
	}
	at := regexp.MustCompile(`^\((\d+):(\d+)\): `)
	var out []string
	for line := range strings.SplitSeq(rest, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, plainly(at.ReplaceAllString(line, file+":$1:$2: ")))
		}
	}
	return errors.New(strings.Join(out, "\n"))
}

// plainly says without the parser's terms what it expected.
func plainly(text string) string {
	where, rest, ok := strings.Cut(text, "expected: ")
	expected, got, both := strings.Cut(rest, ", got '")
	if !ok || !both {
		return text
	}
	var words []string
	for token := range strings.SplitSeq(expected, ", ") {
		if w := map[string]string{"#StepLine": "a step (Given, When, Then, And, But)", "#TableRow": "a table row", "#ScenarioLine": "a scenario",
			"#ExamplesLine": "examples", "#FeatureLine": "Feature:", "#BackgroundLine": "a background", "#RuleLine": "a rule"}[token]; w != "" {
			words = append(words, w)
		}
	}
	return where + "\"" + strings.TrimSpace(strings.TrimSuffix(got, "'")) + "\" is not expected here; expected " + strings.Join(words, ", ")
}

// astNode is a step, a scenario or a row of examples as written.
type astNode struct {
	line    int64
	keyword string
}

// nodesOf finds where scenarios, rows of examples and steps were written.
func nodesOf(f *messages.Feature) map[string]astNode {
	out := map[string]astNode{}
	steps := func(list []*messages.Step) {
		for _, s := range list {
			out[s.Id] = astNode{s.Location.Line, strings.TrimSpace(s.Keyword)}
		}
	}
	scenario := func(s *messages.Scenario) {
		out[s.Id] = astNode{line: s.Location.Line}
		steps(s.Steps)
		for _, e := range s.Examples {
			for _, row := range e.TableBody {
				out[row.Id] = astNode{line: row.Location.Line}
			}
		}
	}
	for _, c := range f.Children {
		if c.Background != nil {
			steps(c.Background.Steps)
		}
		if c.Scenario != nil {
			scenario(c.Scenario)
		}
		if c.Rule == nil {
			continue
		}
		for _, rc := range c.Rule.Children {
			if rc.Background != nil {
				steps(rc.Background.Steps)
			}
			if rc.Scenario != nil {
				scenario(rc.Scenario)
			}
		}
	}
	return out
}

// add adds a scenario with its steps, none of which has run.
func (p *plan) add(feature, uri string, pickle *messages.Pickle, nodes map[string]astNode) {
	at := func(id string) string { return uri + ":" + strconv.FormatInt(nodes[id].line, 10) }
	r := &scenarioResult{feature: feature, file: uri, name: pickle.Name, status: Passed,
		place: at(pickle.AstNodeIds[len(pickle.AstNodeIds)-1])}
	for _, st := range pickle.Steps {
		id := st.AstNodeIds[0]
		r.steps = append(r.steps, stepResult{id: st.Id, text: st.Text, place: at(id), keyword: nodes[id].keyword,
			table: rows(st), status: Skipped})
	}
	if len(r.steps) == 0 {
		r.status, r.problem = Failed, "the scenario holds no step"
	}
	p.byID[pickle.Id] = len(p.list)
	p.list = append(p.list, r)
	p.dirs = append(p.dirs, filepath.Dir(uri))
}

// rows returns the table of a step.
func rows(st *messages.PickleStep) [][]string {
	if st.Argument == nil || st.Argument.DataTable == nil {
		return nil
	}
	var out [][]string
	for _, r := range st.Argument.DataTable.Rows {
		var cells []string
		for _, c := range r.Cells {
			cells = append(cells, strings.TrimSpace(c.Value))
		}
		out = append(out, cells)
	}
	return out
}
