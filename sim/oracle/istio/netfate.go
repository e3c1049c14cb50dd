package istio

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

// newNetfate reads the manifests as netfate's commands do. The second result are
// the objects that it says istiod's webhook refuses.
func newNetfate(m *meshState) (*sim.Simulator, map[string]bool, error) {
	text, err := m.manifests()
	if err != nil {
		return nil, nil, err
	}
	snap, err := sim.Load(context.Background(), collect.Options{Sources: []string{"-"}, Stdin: bytes.NewReader(text)})
	if err != nil {
		return nil, nil, err
	}
	s, err := sim.New(snap, sim.Options{Network: "kubernetes"})
	if err != nil {
		return nil, nil, err
	}
	refused := map[string]bool{}
	for _, p := range s.Problems() {
		if !p.Rejected {
			continue
		}
		if !strings.HasPrefix(p.Message, "istiod's webhook refuses it") {
			return nil, nil, fmt.Errorf("netfate refuses a valid object: %w", p)
		}
		refused[p.Object.Kind+"/"+p.Object.Namespace+"/"+p.Object.Name] = true
	}
	return s, refused, nil
}

// ask returns netfate's verdict of a flow.
func ask(s *sim.Simulator, m *meshState, f *flow) (model.Verdict, error) {
	from, err := party(s, f.from)
	if err != nil {
		return model.Verdict{}, err
	}
	to := m.pod(f.to)
	c := sim.Call{Host: to.address, Port: uint16(f.target)} //nolint:gosec // a port
	if !f.direct {
		c.Host, c.Port = m.service(to).host(), uint16(f.port) //nolint:gosec // a port
	}
	q := s.Flow(from, c)
	q.Families = []algebra.Family{algebra.IPv4}
	if f.request != nil {
		q.Request = f.request.modelRequest()
	}
	return s.Verdict(q), nil
}

func party(s *sim.Simulator, name string) (model.Party, error) {
	if a, err := netip.ParseAddr(name); err == nil {
		return model.Party{Kind: model.PartyAddress, Addr: a}, nil
	}
	subject, err := s.Resolve(name)
	if err != nil {
		return model.Party{}, err
	}
	if len(subject.Parties) != 1 {
		return model.Party{}, fmt.Errorf("%q is %d parties", name, len(subject.Parties))
	}
	return subject.Parties[0], nil
}

func (r *call) modelRequest() *model.Request {
	out := &model.Request{Method: r.method, Scheme: "http", Host: r.host, HostPort: r.hostPort, Path: r.path, Headers: r.headers}
	if q, err := url.ParseQuery(r.query); err == nil && r.query != "" {
		out.Query = map[string]string{}
		for k := range q {
			out.Query[k] = q.Get(k)
		}
	}
	if t := r.token; t != nil {
		out.Token = &model.Token{Invalid: t.invalid, Issuer: t.issuer, Subject: t.subject, Audiences: t.audiences, Presenter: t.presenter, Claims: t.more}
	}
	return out
}

// outcome is netfate's verdict in the words of an answer; open where it is
// undetermined, for the reasons in why. Of a denied flow these are why the status
// is not known.
type outcome struct {
	answer answer
	open   bool
	why    []string
}

func (o *outcome) String() string {
	if o.open {
		return "undetermined: " + strings.Join(o.why, "; ")
	}
	return o.answer.String()
}

// outcomeOf reads a verdict: the first point that denies is the stage.
func outcomeOf(v *model.Verdict) outcome {
	if v.Outcome == model.Undetermined {
		o := outcome{open: true}
		for _, r := range v.Reasons {
			o.why = append(o.why, r.Text)
		}
		return o
	}
	if v.Outcome == model.Allowed {
		return outcome{}
	}
	out := outcome{answer: answer{stage: "nowhere"}}
	var status int
	if n, err := fmt.Sscanf(string(v.Symptom), "%d ", &status); err == nil && n == 1 {
		out.answer.status = status
	}
	for _, h := range v.Hops {
		for _, p := range h.Points {
			if p.Outcome == model.Denied {
				out.answer.stage = stageOf(p.Point)
				return out
			}
			for _, r := range p.Reasons {
				out.why = append(out.why, r.Text)
			}
		}
	}
	return out
}

// stageOf is the stage of one of netfate's enforcement points.
func stageOf(point string) stage {
	for _, s := range []stage{atTLS, atToken, atRules} {
		if strings.HasPrefix(point, string(s)+" at ") {
			return s
		}
	}
	return stage(point)
}
