package reports

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// schemas holds the JSON Schemas of every -o json.
//
//go:embed schema/*.json
var schemas embed.FS

// Schema returns the JSON Schema of the JSON that a command writes, of one line
// where it writes lines.
func Schema(command string) ([]byte, error) {
	data, err := schemas.ReadFile("schema/" + command + ".json")
	if err != nil {
		return nil, fmt.Errorf("no JSON Schema %q: there are %s", command, strings.Join(SchemaNames(), ", "))
	}
	return data, nil
}

// SchemaNames returns the commands that have a schema, in order.
func SchemaNames() []string {
	entries, err := fs.ReadDir(schemas, "schema")
	if err != nil {
		return nil // the directory is part of the build
	}
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = strings.TrimSuffix(path.Base(e.Name()), ".json")
	}
	return out
}
