package root_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/reports"
)

// samples are command lines whose JSON is held against the schemas.
func samples() map[string][]string {
	return map[string][]string{
		"matrix": {
			"matrix -f deploy/ -o json --undetermined --nodes", "matrix -f deploy/ -o json --by class", "matrix -f deploy/ -o json --by pod",
		},
		"plan": {"plan -f deploy/ --change changes/egress-lockdown.yaml -o json", "plan -f deploy/ --delete netpol/shop/frontend -o json"},
		"explain": {
			"explain -f deploy/ ops/probe shop/payments 8080 -o json", "explain -f deploy/ ops/probe shop/frontend 9090 -o json",
			"explain -f deploy/ shop/cart service:shop/payments 80 -o json", "explain -f deploy/ ops/probe 203.0.113.7 icmp -o json",
		},
		"compare":      {"compare -f deploy/ --network kubernetes --network cilium -o json"},
		"capabilities": {"capabilities -o json"},
		"version":      {"version -o json"},
		"steps":        {"steps -o json"},
		"test":         {"test features/ failing.feature -o json"},
		"live-diff":    {"live diff observed.jsonl -f deploy/ -o json"},
	}
}

// TestSchemas holds every line of JSON that the commands print against the
// published schemas, and every schema has a sample.
func TestSchemas(t *testing.T) {
	inFixture(t)
	writeFile(t, "failing.feature", []byte("Feature: F\n  Scenario: S\n    Given the manifests in \"deploy/\"\n"+
		"    Then \"ops/probe\" can reach \"shop/payments\" on TCP 8080\n"))
	for _, name := range reports.SchemaNames() {
		t.Run(name, func(t *testing.T) {
			schema := compile(t, name)
			if write := live()[name]; write != nil {
				var out bytes.Buffer
				if err := write(&out); err != nil || out.Len() == 0 {
					t.Fatal("no sample", err)
				}
				for l := range strings.Lines(out.String()) {
					check(t, schema, name, l)
				}
				return
			}
			lines := samples()[name]
			if len(lines) == 0 {
				t.Fatal("no sample")
			}
			for _, line := range lines {
				got := run(context.Background(), "", words(line)...)
				if got.status == exit.Failure || got.stdout == "" {
					t.Errorf("netfate %s: exit %d\n%s", line, got.status, got.stderr)
				}
				for l := range strings.Lines(got.stdout) {
					check(t, schema, line, l)
				}
			}
		})
	}
}

func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	text, err := reports.Schema(name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func check(t *testing.T, schema *jsonschema.Schema, command, line string) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
	if err != nil {
		t.Fatalf("netfate %s: %v: %s", command, err, line)
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("netfate %s: %v: %s", command, err, line)
	}
}
