package scenarios

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

// scenario is the state of one scenario while it runs.
type scenario struct {
	w       *world
	dir     string // of the feature
	setup   setup
	given   []string // where the manifests were named
	at      int      // the step that runs
	failure *Failure // of that step, where the scenario goes on
	last    evidence
	result  *scenarioResult
	live    *live   // what the run observes, nil where the simulator judges
	by      *live   // the same while a step is judged by it
	seen    *probed // what that step tried
}

// evidence is what the last check was decided by.
type evidence struct {
	view  *view
	flows []model.Flow
	lines [][]model.Origin // of a change: the objects behind each line
}

// current is the step that runs.
func (s *scenario) current() *stepResult { return &s.result.steps[s.at] }

// effective is the setup with what the options say.
func (s *scenario) effective() (*setup, error) {
	e := s.setup
	if len(e.sources) == 0 {
		e.sources = s.w.o.Sources
	}
	if len(e.sources) == 0 && s.w.o.Snapshot == nil {
		return nil, inputError{error: errors.New(`no manifests: say Given the manifests in "directory/", or name them with -f`)}
	}
	if s.w.o.Network != "" {
		e.network = s.w.o.Network
	}
	if len(e.cidrs) == 0 {
		e.cidrs = s.w.o.PodCIDRs
	}
	return &e, nil
}

// view returns what statements are about: the manifests with the proposed change.
func (s *scenario) view(ctx context.Context) (*view, error) {
	e, err := s.effective()
	if err != nil {
		return nil, err
	}
	v, err := s.w.after(ctx, e)
	return v, s.where(err)
}

// where adds the place at which the manifests were named to an input error.
func (s *scenario) where(err error) error {
	var in inputError
	if len(s.given) == 0 || !errors.As(err, &in) || in.change {
		return err
	}
	return inputError{error: errors.New(strings.Join(s.given, ", ") + ": " + err.Error())}
}

// command is the command line that shows a verdict, "" where there is none: a
// change that deletes cannot be told to netfate explain.
func (s *scenario) command(v *view, f model.Flow) string {
	e, err := s.effective()
	if err != nil || len(e.deletes) > 0 {
		return ""
	}
	// Of two objects of one name the first counts: the change goes first.
	parts := s.words("explain", append(slices.Clone(e.changes), e.sources...), e, e.network)
	if f.Request != nil && !v.asks(f) {
		return ""
	}
	if f.Request != nil {
		return strings.Join(append(parts, requestArguments(v, f)...), " ")
	}
	return strings.Join(append(parts, quote(v.argument(f.From)), quote(v.argument(f.To)), portArgument(f)), " ")
}

// asks tells whether a client means what a flow goes to by its request's host.
func (v *view) asks(f model.Flow) bool {
	to := v.sim.Flow(f.From, sim.Call{Host: f.Request.Host, Port: f.Port, Request: f.Request}).To
	return to == f.To || f.To.Kind == model.PartyService && to.Kind == model.PartyHost && v.sim.ServiceNamed(to.Host) == f.To.Index
}

// requestArguments are a request as netfate explain takes it.
func requestArguments(v *view, f model.Flow) []string {
	method, url, _ := strings.Cut(f.RequestText(), " ")
	var out []string
	if f.Principal != "" {
		out = append(out, "--principal", quote(f.Principal))
	}
	for _, k := range slices.Sorted(maps.Keys(f.Request.Headers)) {
		out = append(out, "--header", quote(k+": "+f.Request.Headers[k]))
	}
	if t := f.Request.Token; t != nil {
		for _, k := range slices.Sorted(maps.Keys(t.Claims)) {
			out = append(out, "--claim", quote(k+"="+strings.Join(t.Claims[k], ",")))
		}
	}
	return append(out, quote(v.argument(f.From)), method, quote(url))
}

// planCommand is the command line that shows the change.
func (s *scenario) planCommand() string {
	e, err := s.effective()
	if err != nil {
		return ""
	}
	parts := s.words("plan", e.sources, e, e.network)
	for _, c := range e.changes {
		parts = append(parts, "--change", quote(c))
	}
	for _, d := range e.deletes {
		parts = append(parts, "--delete", quote(strings.ReplaceAll(d.String(), " ", "/")))
	}
	return strings.Join(parts, " ")
}

// compareCommand is the command line that compares networks.
func (s *scenario) compareCommand(networks ...string) string {
	e, err := s.effective()
	if err != nil || s.setup.changed() {
		return ""
	}
	return strings.Join(s.words("compare", e.sources, e, networks...), " ")
}

func (s *scenario) words(command string, sources []string, e *setup, networks ...string) []string {
	parts := []string{"netfate", command}
	for _, src := range sources {
		parts = append(parts, "-f", quote(src))
	}
	for _, n := range networks {
		if n != "" {
			parts = append(parts, "--network", quote(n))
		}
	}
	for _, c := range e.cidrs {
		parts = append(parts, "--pod-cidr", c)
	}
	return parts
}

func portArgument(f model.Flow) string {
	if f.Protocol.HasPorts() {
		return f.PortText()
	}
	return quote(f.PortText())
}

// quote protects a word from the shell where it needs that.
func quote(word string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@=+,-"
	if word != "" && strings.Trim(word, plain) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
