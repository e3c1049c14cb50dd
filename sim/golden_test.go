package sim_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/policytest"
)

// TestGolden asks the questions of every golden case: plain semantics of the
// APIs, and the rows of the divergence table with their verdict per profile.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden cases: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "testdata/"), ".txtar")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			newGolden(t, policytest.Parse(string(text))).run()
		})
	}
}

// golden is one case.
type golden struct {
	t         *testing.T
	snap      *model.Snapshot
	options   sim.Options
	questions []string
	sims      map[string]*sim.Simulator
}

func newGolden(t *testing.T, a *policytest.Archive) *golden {
	t.Helper()
	g := &golden{t: t, sims: map[string]*sim.Simulator{}}
	dir := t.TempDir()
	o := collect.Options{Sources: []string{filepath.Join(dir, "manifests")}, Remote: map[string][]string{}}
	for _, f := range a.Files {
		switch {
		case f.Name == "questions":
			g.questions = strings.Split(strings.TrimSpace(f.Data), "\n")
		case f.Name == "options":
			g.options = options(f.Data)
		default:
			top, _, _ := strings.Cut(f.Name, "/")
			if cluster, ok := strings.CutPrefix(top, "remote-"); ok {
				o.Remote[cluster] = []string{filepath.Join(dir, top)}
			}
			write(t, filepath.Join(dir, f.Name), f.Data)
		}
	}
	snap, err := sim.Load(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	g.snap = snap
	return g
}

// options reads "lenient", "mesh NAME" and "gateway-pods GATEWAY PODS", one a line.
func options(text string) sim.Options {
	o := sim.Options{GatewayPods: map[string]string{}}
	for _, line := range strings.Split(text, "\n") {
		switch w := strings.Fields(line); {
		case len(w) == 1 && w[0] == "lenient":
			o.Lenient = true
		case len(w) == 2 && w[0] == "mesh":
			o.Mesh = w[1]
		case len(w) == 3 && w[0] == "gateway-pods":
			o.GatewayPods[w[1]] = w[2]
		}
	}
	return o
}

func write(t *testing.T, path, data string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (g *golden) run() {
	g.t.Helper()
	asked := 0
	for _, line := range g.questions {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		profiles, rest, ok := strings.Cut(line, ": ")
		flow, want, ok2 := strings.Cut(rest, " = ")
		if !ok || !ok2 {
			g.t.Fatalf("not a question: %q", line)
		}
		if profiles == "*" {
			profiles = strings.Join(sim.Networks(), ",")
		}
		for _, p := range splitProfiles(profiles) {
			g.ask(p, flow, strings.Fields(want))
			asked++
		}
	}
	if asked == 0 {
		g.t.Fatal("the case asks nothing")
	}
}

// splitProfiles splits at commas outside braces.
func splitProfiles(s string) []string {
	var out []string
	depth, from := 0, 0
	for i, c := range s {
		switch {
		case c == '{':
			depth++
		case c == '}':
			depth--
		case c == ',' && depth == 0:
			out = append(out, s[from:i])
			from = i + 1
		}
	}
	return append(out, s[from:])
}

func (g *golden) sim(profile string) *sim.Simulator {
	g.t.Helper()
	if g.sims[profile] == nil {
		o := g.options
		o.Network = profile
		s, err := sim.New(g.snap, o)
		if err != nil {
			g.t.Fatal(err)
		}
		g.sims[profile] = s
	}
	return g.sims[profile]
}

// ask puts one question and compares the outcome, its evidence and that the
// verdict and the reasons go together.
func (g *golden) ask(profile, text string, want []string) {
	g.t.Helper()
	s := g.sim(profile)
	v := s.Verdict(g.flow(s, text))
	if !holds(&v, want[0]) {
		g.t.Errorf("%s: %s: got %s, want %s\n%s", profile, text, v.Outcome, want[0], render(v))
		return
	}
	switch v.Outcome {
	case model.Undetermined:
		g.checkReasons(profile, text, v, want[1:])
	case model.Denied:
		if len(v.Blockers) == 0 {
			g.t.Errorf("%s: %s: denied without a blocker\n%s", profile, text, render(v))
		}
	}
}

// checkReasons wants a reason of the mark and row that the question gives.
func (g *golden) checkReasons(profile, text string, v model.Verdict, want []string) {
	g.t.Helper()
	if len(v.Reasons) == 0 {
		g.t.Errorf("%s: %s: undetermined without a reason\n%s", profile, text, render(v))
	}
	if len(want) < 2 {
		return
	}
	for _, r := range v.Reasons {
		if string(r.Confidence) == want[0] && r.Row == want[1] {
			return
		}
	}
	g.t.Errorf("%s: %s: no reason of mark %s and row %s among %v", profile, text, want[0], want[1], v.Reasons)
}

// holds compares a verdict with an outcome, or with the symptom that the client
// sees: a status, reset or tls-failure.
func holds(v *model.Verdict, want string) bool {
	switch want {
	case "reset":
		return v.Symptom == model.Reset
	case "timeout":
		return v.Symptom == model.Timeout
	case "gateway-error":
		return v.Symptom == model.GatewayError
	case "tls-failure":
		return v.Symptom == model.TLSFailure
	}
	if want[0] >= '1' && want[0] <= '9' {
		return strings.HasPrefix(string(v.Symptom), want+" ")
	}
	return v.Outcome.String() == want
}

// call reads "FROM -> METHOD URL [as=principal] [header:k=v] [iss=x] [sub=x] [aud=x] [claim:k=v] [badtoken]".
func (g *golden) call(s *sim.Simulator, f []string) model.Flow {
	g.t.Helper()
	c, err := sim.ParseCall(f[2], f[3])
	if err != nil {
		g.t.Fatal(err)
	}
	for _, w := range f[4:] {
		key, value, _ := strings.Cut(w, "=")
		if key == "as" {
			if c.Principal, err = sim.ParsePrincipal(value); err != nil {
				g.t.Fatal(err)
			}
			continue
		}
		if h, ok := strings.CutPrefix(key, "header:"); ok {
			if c.Request.Headers == nil {
				c.Request.Headers = map[string]string{}
			}
			c.Request.Headers[h] = value
			continue
		}
		if c.Request.Token == nil {
			c.Request.Token = &model.Token{Claims: map[string][]string{}}
		}
		tok := c.Request.Token
		switch claim, isClaim := strings.CutPrefix(key, "claim:"); {
		case isClaim:
			tok.Claims[claim] = strings.Split(value, ",")
		case key == "iss":
			tok.Issuer = value
		case key == "sub":
			tok.Subject = value
		case key == "aud":
			tok.Audiences = strings.Split(value, ",")
		case key == "badtoken":
			tok.Invalid = true
		default:
			g.t.Fatalf("not a part of a request: %q", w)
		}
	}
	return s.Flow(g.party(s, f[0]), c)
}

func (g *golden) flow(s *sim.Simulator, text string) model.Flow {
	g.t.Helper()
	f := strings.Fields(text)
	if len(f) >= 4 && f[1] == "->" && strings.Contains(f[3], "://") {
		return g.call(s, f)
	}
	if len(f) < 4 || f[1] != "->" {
		g.t.Fatalf("not a flow: %q", text)
	}
	proto, err := algebra.ParseProtocol(f[3])
	if err != nil {
		g.t.Fatal(err)
	}
	flow := model.Flow{From: g.party(s, f[0]), To: g.party(s, f[2]), Protocol: proto}
	if len(f) > 4 {
		port, err := strconv.ParseUint(f[4], 10, 16)
		if err != nil {
			g.t.Fatal(err)
		}
		flow.Port = uint16(port)
	}
	return flow
}

func (g *golden) party(s *sim.Simulator, text string) model.Party {
	g.t.Helper()
	subject, err := s.Resolve(text)
	if err != nil {
		g.t.Fatal(err)
	}
	return subject.Parties[0]
}

// render writes a verdict for a failure message.
func render(v model.Verdict) string {
	var b strings.Builder
	for _, h := range v.Hops {
		fmt.Fprintf(&b, "  %s -> %s %s: %s\n", h.FromName, h.ToName, model.PortText(h.Protocol, h.Port), h.Outcome)
		for _, p := range h.Points {
			fmt.Fprintf(&b, "    %s: %s\n", p.Point, p.Outcome)
			for _, st := range p.Steps {
				fmt.Fprintf(&b, "      %s %s %s: %s %v\n", st.Tier, st.Action, st.Origin, st.Why, st.Reason)
			}
		}
	}
	for _, r := range v.Reasons {
		fmt.Fprintf(&b, "  reason %s (%s)\n", r.String(), r.Confidence)
	}
	return b.String()
}
