package collect

import (
	"encoding/base64"
	"strconv"
	"time"

	"github.com/netfate/netfate/sim/model"
)

// The files of a snapshot archive. Objects are below objectsDir, as
// objects/<cluster>/<namespace>/<kind>.<group>.yaml; the other two are these.
const (
	snapshotFile   = "netfate-snapshot.json"
	originsFile    = "origins.json"
	objectsDir     = "objects"
	localCluster   = "local"   // the directory of the local cluster
	remotePrefix   = "remote-" // and of others, before their names
	noNamespaceDir = "_cluster"
	snapshotFormat = 1
)

// Meta is what a snapshot says of itself besides its objects.
type Meta struct {
	Created time.Time // written as it is: equal inputs give equal bytes
	Tool    string    // what wrote it, such as "netfate 0.1.0"
	Sources []string  // what it was collected from, in words
}

// manifestJSON is snapshotFile.
type manifestJSON struct {
	Format   int            `json:"format"`
	Created  time.Time      `json:"created"`
	Tool     string         `json:"tool,omitempty"`
	Sources  []string       `json:"sources,omitempty"`
	Facts    factsJSON      `json:"facts"`
	Counts   map[string]int `json:"counts"` // objects by "Kind.group"
	Unread   []countJSON    `json:"unread,omitempty"`
	Problems []problemJSON  `json:"problems,omitempty"`
	Broken   []brokenJSON   `json:"broken,omitempty"`
	Digest   string         `json:"digest"` // of all other files
}

type factsJSON struct {
	Network string `json:"network,omitempty"`
	Version string `json:"version,omitempty"`
	Origin  string `json:"origin,omitempty"`
}

type countJSON struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Count      int    `json:"count"`
}

type refJSON struct {
	APIVersion string `json:"apiVersion,omitempty"`
	Kind       string `json:"kind,omitempty"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name,omitempty"`
}

type problemJSON struct {
	Error    bool    `json:"error,omitempty"`
	File     string  `json:"file,omitempty"`
	Line     int     `json:"line,omitempty"`
	Col      int     `json:"col,omitempty"`
	Object   refJSON `json:"object"`
	Field    string  `json:"field,omitempty"`
	Message  string  `json:"message"`
	Hint     string  `json:"hint,omitempty"`
	Rejected bool    `json:"rejected,omitempty"`
}

type brokenJSON struct {
	refJSON
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	Why  string `json:"why"`
}

// originJSON is one line of originsFile; the lines are in the order of the snapshot's objects.
type originJSON struct {
	refJSON
	Cluster string `json:"cluster,omitempty"`
	File    string `json:"file,omitempty"`
	Line    uint32 `json:"line,omitempty"`
	Col     uint32 `json:"col,omitempty"`
	At      []byte `json:"at,omitempty"` // positions of all values, see packer
}

// append appends the line as encoding/json would write it. There is one for each object.
func (o *originJSON) append(b []byte) []byte {
	start := len(b)
	b = appendField(b, "apiVersion", o.APIVersion)
	b = appendField(b, "kind", o.Kind)
	b = appendField(b, "namespace", o.Namespace)
	b = appendField(b, "name", o.Name)
	b = appendField(b, "cluster", o.Cluster)
	b = appendField(b, "file", o.File)
	if o.Line != 0 {
		b = strconv.AppendUint(append(b, `,"line":`...), uint64(o.Line), 10)
	}
	if o.Col != 0 {
		b = strconv.AppendUint(append(b, `,"col":`...), uint64(o.Col), 10)
	}
	if len(o.At) > 0 {
		b = append(base64.StdEncoding.AppendEncode(append(b, `,"at":"`...), o.At), '"')
	}
	if len(b) == start {
		b = append(b, ',')
	}
	b[start] = '{' // for the first comma
	return append(b, "}\n"...)
}

func appendField(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	b = append(append(append(b, `,"`...), name...), `":`...)
	return appendQuoted(b, value)
}

func toProblems(in []model.Problem) []problemJSON {
	out := make([]problemJSON, len(in))
	for i, p := range in {
		out[i] = problemJSON{
			Error: p.Severity == model.Error, File: p.File, Line: p.Line, Col: p.Col, Object: refJSON(p.Object),
			Field: p.Field, Message: p.Message, Hint: p.Hint, Rejected: p.Rejected,
		}
	}
	return out
}

func fromProblems(in []problemJSON) []model.Problem {
	out := make([]model.Problem, len(in))
	for i, p := range in {
		out[i] = model.Problem{
			File: p.File, Line: p.Line, Col: p.Col, Object: model.Ref(p.Object),
			Field: p.Field, Message: p.Message, Hint: p.Hint, Rejected: p.Rejected,
		}
		if p.Error {
			out[i].Severity = model.Error
		}
	}
	return out
}

func toBroken(in []model.Broken) []brokenJSON {
	out := make([]brokenJSON, len(in))
	for i, b := range in {
		out[i] = brokenJSON{refJSON: refJSON(b.Ref), File: b.File, Line: b.Line, Why: b.Why}
	}
	return out
}

func fromBroken(in []brokenJSON) []model.Broken {
	out := make([]model.Broken, len(in))
	for i, b := range in {
		out[i] = model.Broken{Ref: model.Ref(b.refJSON), File: b.File, Line: b.Line, Why: b.Why}
	}
	return out
}

func toCounts(in []model.KindCount) []countJSON {
	out := make([]countJSON, len(in))
	for i, c := range in {
		out[i] = countJSON(c)
	}
	return out
}
