package scenarios

import (
	"context"
	"strings"
	"testing"
)

// FuzzStep runs any text as a step on a small cluster: no panic, no step that
// two patterns match.
func FuzzStep(f *testing.F) {
	list, err := compiled()
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range list {
		for _, x := range e.Examples {
			f.Add(withoutKeyword(stepOf(x)), "a|b\nc|yes")
		}
	}
	f.Add(`"shop/web can reach`, "")
	f.Add(`pods labelled "a in (" can reach "::1%eth0" on TCP 0`, "")
	o := &Options{Sources: []string{"testdata/cluster/shop"}}
	w := &world{o: o}
	f.Fuzz(func(t *testing.T, text, table string) {
		var rows [][]string
		for line := range strings.SplitSeq(table, "\n") {
			rows = append(rows, strings.Split(line, "|"))
		}
		found := 0
		for _, e := range list {
			args := e.re.FindStringSubmatch(text)
			if args == nil {
				continue
			}
			if found++; e.Keyword == "Given" {
				continue
			}
			s := &scenario{w: w, result: &scenarioResult{steps: []stepResult{{text: text}}}}
			_ = e.run(context.Background(), s, call{args: args[1:], table: rows})
		}
		if found > 1 {
			t.Errorf("%q matches %d patterns", text, found)
		}
		_ = nearest(list, text)
	})
}

func FuzzSubject(f *testing.F) {
	for _, s := range subjectsText() {
		f.Add(s[0])
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseSubject(text)
		if err == nil && s.name == "" && s.kind != internet && s.kind != anyPod {
			t.Errorf("%q is a subject without a name", text)
		}
		_, _ = parseSubjects(text)
		_, _ = parseWant(text)
		_, _ = parseRef(text)
	})
}
