package reports

import (
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/model"
)

func TestSnippet(t *testing.T) {
	files := map[string][]string{
		"a.yaml": {"spec:", "  ingress:", "  - from: []\x1b[31m", "", strings.Repeat("x", 500)},
	}
	read := func(name string) []string { return files[name] }
	origin := func(file string, line, col uint32) model.Origin {
		return model.Origin{Object: &model.Object{File: file}, Line: line, Col: col}
	}
	tests := []struct {
		name string
		o    model.Origin
		want string
	}{
		{"middle", origin("a.yaml", 3, 5), "2 |   ingress:\n3 |   - from: [] [31m\n  |     ^\n4 | "},
		{"first line", origin("a.yaml", 1, 1), "1 | spec:\n  | ^\n2 |   ingress:"},
		{"no column", origin("a.yaml", 2, 0), "1 | spec:\n2 |   ingress:\n  |   ^\n3 |   - from: [] [31m"},
		{"column beyond the line", origin("a.yaml", 2, 99), "1 | spec:\n2 |   ingress:\n  |   ^\n3 |   - from: [] [31m"},
		{"a long line is cut", origin("a.yaml", 5, 1), "4 | \n5 | " + strings.Repeat("x", maxColumns) + "…\n  | ^"},
		{"beyond the file", origin("a.yaml", 9, 1), ""},
		{"no such file", origin("b.yaml", 1, 1), ""},
		{"no file", model.Origin{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(snippet(tt.o, read, Palette{}), "\n"); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
	if snippet(origin("a.yaml", 1, 1), nil, Palette{}) != nil {
		t.Error("a snippet without a reader")
	}
}
