package gatewayconformance

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/gateway-api/conformance/tests"
)

// child is set where the test runs the suite itself; without it, it runs that in a
// process of its own, so that a test of the suite may fail without failing this one.
const child = "NETFATE_GATEWAY_SUITE"

var update = flag.Bool("update", false, "write the figures into docs/differential.md")

// TestSuite runs every test of the suite with every feature on. It is part of
// TestConformance; by itself it shows why a test does not pass:
//
//	NETFATE_GATEWAY_SUITE=1 go test -v -run TestSuite/HTTPRouteCORS
func TestSuite(t *testing.T) {
	if os.Getenv(child) == "" {
		t.Skip("runs as part of TestConformance")
	}
	b, err := NewBench(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	b.Suite.Setup(t, tests.ConformanceTests)
	patient, hasty := b.Suite.TimeoutConfig, timeouts(hasty)
	for _, test := range tests.ConformanceTests {
		b.Suite.TimeoutConfig = patient
		if notPassed()[test.ShortName] != "" {
			b.Suite.TimeoutConfig = hasty // nothing is worth waiting for
		}
		t.Run(test.ShortName, func(t *testing.T) { test.Run(t, b.Suite) })
		if err := b.Cluster.plane.notOpened(); err != nil {
			fmt.Printf("%s%s: %s\n", notOpened, test.ShortName, strings.ReplaceAll(err.Error(), "\n", "; "))
		}
	}
}

// notOpened begins the line that names a test whose gateways this machine gave no port.
const notOpened = "not opened for "

const hasty = 200 * time.Millisecond

// TestConformance asserts which tests of the suite pass: all but those that
// notPassed explains, and none of those.
func TestConformance(t *testing.T) {
	passed, output := runSuite(t)
	known := notPassed()
	count := 0
	for _, test := range tests.ConformanceTests {
		name := test.ShortName
		ok, ran := passed[name]
		switch why := known[name]; {
		case !ran:
			t.Errorf("%s was not run", name)
		case !ok && why == "" && strings.Contains(output, notOpened+name+": "):
			t.Logf("%s is not asserted: this machine does not give its gateway a port", name)
		case !ok && why == "":
			t.Errorf("%s does not pass:\n%s", name, outputOf(output, name))
		case ok && why != "":
			t.Errorf("%s passes; it was known not to: %s", name, why)
		}
		if ok {
			count++
		}
		delete(known, name)
	}
	for name := range known {
		t.Errorf("the suite has no test %s", name)
	}
	t.Logf("%d of %d tests of the suite pass", count, len(tests.ConformanceTests))
}

// runSuite runs TestSuite in a process of its own and returns which tests passed.
func runSuite(t *testing.T) (map[string]bool, string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestSuite$", "-test.v", "-test.timeout=9m")
	cmd.Env = append(os.Environ(), child+"=1")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run() // fails as soon as one test does not pass
	passed := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^    --- (PASS|FAIL|SKIP): TestSuite/([A-Za-z0-9]+) `).FindAllStringSubmatch(out.String(), -1) {
		passed[m[2]] = m[1] == "PASS"
	}
	if len(passed) == 0 {
		t.Fatalf("the suite did not run: %v\n%s", err, out.String())
	}
	return passed, out.String()
}

// outputOf is what one test of the suite logged.
func outputOf(all, name string) string {
	var lines []string
	in := false
	for line := range strings.Lines(all) {
		if m := regexp.MustCompile(`^=== (?:RUN|NAME|CONT) +TestSuite(?:/([A-Za-z0-9]+))?`).FindStringSubmatch(line); m != nil {
			in = m[1] == name
		}
		if in {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines[max(0, len(lines)-60):], "")
}

// family is the heading under which a test is counted.
func family(name string) string {
	for _, f := range []string{"Mesh", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute", "ListenerSet", "BackendTLSPolicy"} {
		if strings.HasPrefix(name, f) {
			return f
		}
	}
	return "Gateway"
}

// TestFigures holds docs/differential.md against the suite and notPassed.
func TestFigures(t *testing.T) {
	const doc = "../../../docs/differential.md"
	text, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), beginFigures)
	_, after, ok2 := strings.Cut(rest, endFigures)
	if !ok || !ok2 {
		t.Fatalf("%s has no figures of the suite between %q and %q", doc, beginFigures, endFigures)
	}
	want := before + beginFigures + "\n" + figures() + endFigures + after
	if want == string(text) {
		return
	}
	if !*update {
		t.Fatalf("%s is stale: go test -run TestFigures -update", doc)
	}
	if err := os.WriteFile(doc, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

const (
	beginFigures = "<!-- gatewayconformance -->"
	endFigures   = "<!-- /gatewayconformance -->"
)

// figures are the counts of each family of tests and the tests that do not pass.
func figures() string {
	all, pass := map[string]int{}, map[string]int{}
	known := notPassed()
	for _, test := range tests.ConformanceTests {
		for _, f := range []string{family(test.ShortName), ""} {
			all[f]++
			if known[test.ShortName] == "" {
				pass[f]++
			}
		}
	}
	var b bytes.Buffer
	b.WriteString("| tests | pass | of |\n|---|---:|---:|\n")
	for _, f := range slices.Sorted(maps.Keys(all)) {
		if f != "" {
			writeRow(&b, f, pass[f], all[f])
		}
	}
	writeRow(&b, "**all**", pass[""], all[""])
	b.WriteString("\n| does not pass | why |\n|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(known)) {
		b.WriteString("| " + name + " | " + known[name] + " |\n")
	}
	return b.String()
}

func writeRow(b *bytes.Buffer, name string, pass, all int) {
	fmt.Fprintf(b, "| %s | %d | %d |\n", name, pass, all)
}
