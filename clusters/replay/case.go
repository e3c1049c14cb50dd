package replay

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

// File is one file of manifests.
type File struct{ Name, Data string }

// Run says where and when flows were observed.
type Run struct {
	Network, NetworkVersion string
	Mesh, MeshVersion       string
	Profile                 string // that is to predict the same, as for --network
	Kubernetes, Provider    string
	Date                    string // YYYY-MM-DD
	Flags                   map[string]string
	ObservedOnly            string // why no profile predicts this yet, "" where one does
	Why                     string // why the profile predicts some of the flows otherwise, "" where it predicts all of them
}

// Flow is one observed flow.
type Flow struct {
	observation.Flow
	Outcome   model.Outcome
	Predicted model.Outcome // what the profile is to say: the outcome, or what Run.Why is about
}

// Case is one recorded case.
type Case struct {
	Comment   string
	Manifests []File // names are below manifests/
	Run       Run
	Flows     []Flow
}

const (
	manifestsDir = "manifests/"
	observedFile = "observed"
)

// RunOf returns what a header says of its run.
func RunOf(h observation.Header, profile string) Run {
	c := h.Cluster
	r := Run{Network: c.Network, NetworkVersion: c.NetworkVersion, Mesh: c.Mesh, MeshVersion: c.MeshVersion, Profile: profile,
		Kubernetes: c.Kubernetes, Provider: c.Provider, Flags: c.Flags}
	if !h.Started.IsZero() {
		r.Date = h.Started.UTC().Format("2006-01-02")
	}
	return r
}

// FlowsOf returns the flows of records that say something: the control probes
// and the inconclusive ones are left out, and reported by number.
func FlowsOf(records []observation.Record) (flows []Flow, left int) {
	for _, r := range records {
		if r.Phase == "control" {
			continue
		}
		out, ok := r.Outcome()
		if !ok {
			left++
			continue
		}
		f := r.Flow
		if f.From.Kind != "address" {
			f.From.Address = ""
		}
		if f.To.Kind != "address" {
			f.To.Address = ""
		}
		flows = append(flows, Flow{f, out, out})
	}
	return flows, left
}

// Parse reads a case. The error names the line.
func Parse(text string) (*Case, error) {
	c := &Case{}
	name, start := "", 0
	data := map[string]*strings.Builder{"": {}}
	for i, line := range strings.SplitAfter(text, "\n") {
		if next, ok := marker(line); ok {
			name = next
			data[name] = &strings.Builder{}
			switch {
			case name == observedFile:
				start = i + 2
			case strings.HasPrefix(name, manifestsDir):
				c.Manifests = append(c.Manifests, File{Name: strings.TrimPrefix(name, manifestsDir)})
			default:
				return nil, fmt.Errorf("line %d: file %q: want %s or %s…", i+1, name, observedFile, manifestsDir)
			}
			continue
		}
		data[name].WriteString(line)
	}
	c.Comment = data[""].String()
	for i := range c.Manifests {
		c.Manifests[i].Data = data[manifestsDir+c.Manifests[i].Name].String()
	}
	if data[observedFile] == nil || len(c.Manifests) == 0 {
		return nil, fmt.Errorf("want files below %s and one named %q", manifestsDir, observedFile)
	}
	return c, c.observed(data[observedFile].String(), start)
}

func marker(line string) (string, bool) {
	line = strings.TrimRight(line, "\r\n")
	if !strings.HasPrefix(line, "-- ") || !strings.HasSuffix(line, " --") || len(line) < 7 {
		return "", false
	}
	return strings.TrimSpace(line[3 : len(line)-3]), true
}

// observed reads the keys and the flows.
func (c *Case) observed(text string, line int) error {
	head := true
	for l := range strings.SplitSeq(text, "\n") {
		l, _, _ = strings.Cut(l, "  #")
		l = strings.TrimSpace(l)
		var err error
		switch {
		case l == "" && len(c.Run.Profile) > 0:
			head = false
		case l == "":
		case head:
			err = c.Run.set(l)
		default:
			var f Flow
			f, err = ParseFlow(l)
			c.Flows = append(c.Flows, f)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		line++
	}
	if c.Run.Profile == "" || c.Run.Date == "" || c.Run.Network == "" {
		return fmt.Errorf("%s: want at least network, profile and date before the empty line", observedFile)
	}
	if len(c.Flows) == 0 {
		return fmt.Errorf("%s: no flow was observed", observedFile)
	}
	if other := slices.ContainsFunc(c.Flows, func(f Flow) bool { return f.Predicted != f.Outcome }); other != (c.Run.Why != "") {
		return fmt.Errorf("%s: want why: where a flow is predicted otherwise, and only there", observedFile)
	}
	return nil
}

func (r *Run) set(line string) error {
	key, value, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("%q: want key: value", line)
	}
	value = strings.TrimSpace(value)
	switch key {
	case "network":
		r.Network, r.NetworkVersion, _ = strings.Cut(value, " ")
	case "mesh":
		r.Mesh, r.MeshVersion, _ = strings.Cut(value, " ")
	case "profile":
		r.Profile = value
	case "kubernetes":
		r.Kubernetes = value
	case "provider":
		r.Provider = value
	case "date":
		r.Date = value
	case "observed-only":
		r.ObservedOnly = value
	case "why":
		r.Why = value
	case "flags":
		r.Flags = map[string]string{}
		for f := range strings.SplitSeq(value, ", ") {
			k, v, _ := strings.Cut(f, "=")
			r.Flags[k] = v
		}
	default:
		return fmt.Errorf("unknown key %q", key)
	}
	return nil
}

// otherwise stands before what the profile says of a flow, where that is not what was observed.
const otherwise = ", predicted "

// ParseFlow reads "a/x -> b/y TCP 80 = allowed", with a request after the port where
// one was made: "POST grpc://host/path header=value", and with ", predicted denied" at
// the end where the profile says so. The error says what is wrong with it.
func ParseFlow(line string) (Flow, error) {
	said, predicted, other := strings.Cut(line, otherwise)
	w := strings.Fields(said)
	n := len(w)
	if n < 6 || w[1] != "->" || w[n-2] != "=" {
		return Flow{}, fmt.Errorf("%q: want FROM -> TO PROTOCOL [PORT [METHOD URL [HEADER=VALUE]...]] = OUTCOME[, predicted OUTCOME]", line)
	}
	f := Flow{Flow: observation.Flow{From: parseParty(w[0]), To: parseParty(w[2]), Protocol: w[3]}}
	if n > 6 {
		port, err := strconv.ParseUint(w[4], 10, 16)
		if err != nil {
			return f, fmt.Errorf("%q: %q is not a port", line, w[4])
		}
		f.Port = uint16(port)
	}
	if n > 7 {
		req, err := parseRequest(w[5 : n-2])
		if err != nil {
			return f, fmt.Errorf("%q: %w", line, err)
		}
		f.Request = req
	}
	var ok bool
	if f.Outcome, ok = outcome(w[n-1]); !ok || f.Outcome == model.Undetermined {
		return f, fmt.Errorf("%q: want allowed or denied", line)
	}
	if f.Predicted = f.Outcome; other {
		if f.Predicted, ok = outcome(predicted); !ok || f.Predicted == f.Outcome {
			return f, fmt.Errorf("%q: want another outcome as what is predicted", line)
		}
	}
	return f, nil
}

func outcome(word string) (model.Outcome, bool) {
	for _, o := range []model.Outcome{model.Allowed, model.Denied, model.Undetermined} {
		if o.String() == word {
			return o, true
		}
	}
	return 0, false
}

func parseParty(text string) observation.Party {
	kind, id, ok := strings.Cut(text, ":")
	switch {
	case ok && (kind == "node" || kind == "service" || kind == "host" || kind == "pod"):
		return observation.Party{Kind: kind, ID: id}
	case strings.Contains(text, "/"):
		return observation.Party{Kind: "pod", ID: text}
	}
	return observation.Party{Kind: "address", Address: text}
}

// Format writes the case as Parse reads it.
func (c *Case) Format() string {
	var b strings.Builder
	b.WriteString(c.Comment)
	for _, f := range c.Manifests {
		fmt.Fprintf(&b, "-- %s%s --\n%s", manifestsDir, f.Name, f.Data)
		if !strings.HasSuffix(f.Data, "\n") {
			b.WriteByte('\n')
		}
	}
	fmt.Fprintf(&b, "-- %s --\n", observedFile)
	c.Run.write(&b)
	b.WriteByte('\n')
	for _, f := range c.Flows {
		fmt.Fprintf(&b, "%s = %s", diff.Text(f.Flow), f.Outcome)
		if f.Predicted != f.Outcome {
			fmt.Fprintf(&b, "%s%s", otherwise, f.Predicted)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (r *Run) write(b *strings.Builder) {
	line := func(key, value string) {
		if value = strings.TrimSpace(value); value != "" {
			fmt.Fprintf(b, "%s: %s\n", key, value)
		}
	}
	line("network", r.Network+" "+r.NetworkVersion)
	line("mesh", r.Mesh+" "+r.MeshVersion)
	line("profile", r.Profile)
	line("kubernetes", r.Kubernetes)
	line("provider", r.Provider)
	line("date", r.Date)
	var flags []string
	for _, k := range slices.Sorted(maps.Keys(r.Flags)) {
		flags = append(flags, k+"="+r.Flags[k])
	}
	line("flags", strings.Join(flags, ", "))
	line("observed-only", r.ObservedOnly)
	line("why", r.Why)
}
