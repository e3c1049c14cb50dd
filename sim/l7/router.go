package l7

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Router is a compiled table of routes.
type Router struct {
	table *model.RouteTable
	hosts []hostRules
	index hostIndex
}

// hostRules are the rules of one host's entry.
type hostRules struct {
	host  pattern
	rules []*Matcher
	paths pathIndex
}

// Choice is a rule that takes, or may take, a request.
type Choice struct {
	Action  *model.RouteAction
	Rule    *model.RouteRule  // nil: nothing matched, and the action is the table's NoMatch
	Host    *model.HostRoutes // nil: no host's entry matched
	Certain bool              // false: an earlier choice may take the request, or this one may not
}

// NewRouter compiles a table. The table must not be changed afterwards.
func NewRouter(t *model.RouteTable) *Router {
	r := &Router{table: t, hosts: make([]hostRules, len(t.Hosts))}
	for i := range t.Hosts {
		h := &t.Hosts[i]
		hr := &r.hosts[i]
		hr.host = compilePattern(h.Host)
		hr.rules = make([]*Matcher, len(h.Rules))
		for j := range h.Rules {
			hr.rules[j] = Compile(h.Rules[j].When)
		}
		hr.paths = newPathIndex(h.Rules)
	}
	r.index = newHostIndex(t.Hosts)
	return r
}

// Decide appends to out the choices for a request: the last is certain, those
// before it may or may not take the request. host is what is compared with the
// table's hosts: the request's host, or a server name.
func (r *Router) Decide(host string, s *model.Seen, out []Choice) []Choice {
	host = lower(host)
	var few [8]int32
	for _, i := range r.index.matching(host, few[:0]) {
		var done bool
		if out, done = r.decideIn(int(i), s, out); done {
			return out
		}
		if !r.table.Fallthrough {
			return append(out, Choice{Action: &r.table.NoMatch, Host: &r.table.Hosts[i], Certain: true})
		}
	}
	return append(out, Choice{Action: &r.table.NoMatch, Certain: true})
}

// Hosts appends to out the entries of the table for a host, in the table's order.
func (r *Router) Hosts(host string, out []*model.HostRoutes) []*model.HostRoutes {
	var few [8]int32
	for _, i := range r.index.matching(lower(host), few[:0]) {
		out = append(out, &r.table.Hosts[i])
	}
	return out
}

// decideIn looks for the rule in one host's entry; true when one takes the
// request for certain.
func (r *Router) decideIn(i int, s *model.Seen, out []Choice) ([]Choice, bool) {
	h, hr := &r.table.Hosts[i], &r.hosts[i]
	path := ""
	if s.Request != nil {
		path = orElse(s.Request.Path, "/")
	}
	for it := hr.paths.find(path); ; {
		j, ok := it.next()
		if !ok {
			return out, false
		}
		rule := &h.Rules[j]
		match := hr.rules[j].Holds(s)
		if rule.Uncertain != nil {
			match = min(match, algebra.Maybe)
		}
		if match == algebra.No {
			continue
		}
		out = append(out, Choice{Action: &rule.Action, Rule: rule, Host: h, Certain: match == algebra.Yes})
		if match == algebra.Yes {
			return once(out), true
		}
	}
}

// once drops earlier choices of the match that takes the request for certain: one
// that may stand at several places of the order is listed at each.
func once(list []Choice) []Choice {
	last := list[len(list)-1]
	if len(list) == 1 || last.Rule.Origin.Object == nil {
		return list
	}
	return slices.DeleteFunc(list, func(c Choice) bool { return !c.Certain && c.Rule.Origin == last.Rule.Origin })
}

// maxPassedOver bounds the rules that a trace lists as not matching.
const maxPassedOver = 24

// Trace returns the steps of a decision: rules passed over with the reason, and
// the one that took the request. The outcome is left to the caller.
func (r *Router) Trace(host string, s *model.Seen, point string) model.PointTrace {
	t := model.PointTrace{Point: point, Outcome: model.Allowed, Deciding: -1}
	choices := r.Decide(host, s, nil)
	last := choices[len(choices)-1]
	if last.Host != nil {
		r.passedOver(&t, last, s)
	}
	for i := range choices {
		t.Steps = append(t.Steps, r.choiceStep(point, &choices[i], s))
		if c := &choices[i]; !c.Certain {
			t.Reasons = append(t.Reasons, choiceReasons(r, c, s)...)
		}
	}
	if len(choices) == 1 {
		t.Deciding = len(t.Steps) - 1
		t.Steps[t.Deciding].Decides = true
	}
	return t
}

// passedOver adds the rules of the deciding host's entry that did not match.
func (r *Router) passedOver(t *model.PointTrace, last Choice, s *model.Seen) {
	for i := range last.Host.Rules {
		rule := &last.Host.Rules[i]
		if rule == last.Rule || len(t.Steps) >= maxPassedOver {
			return
		}
		m := r.matcher(last.Host, i)
		if m.Holds(s) == algebra.No {
			t.Steps = append(t.Steps, model.Step{Kind: model.StepRoute, Point: t.Point, Action: model.Pass, Match: algebra.No,
				Peer: algebra.Yes, Traffic: algebra.No, Why: m.Why(s), Origin: rule.Origin})
		}
	}
}

func (r *Router) matcher(h *model.HostRoutes, i int) *Matcher {
	for j := range r.table.Hosts {
		if &r.table.Hosts[j] == h {
			return r.hosts[j].rules[i]
		}
	}
	return nil
}

func (r *Router) choiceStep(point string, c *Choice, s *model.Seen) model.Step {
	step := model.Step{Kind: model.StepRoute, Point: point, Action: model.Allow, Match: algebra.Yes,
		Peer: algebra.Yes, Traffic: algebra.Yes, Why: c.Action.Why, Origin: c.Action.Origin}
	if !c.Certain {
		step.Match = algebra.Maybe
	}
	if c.Rule != nil {
		step.Origin = c.Rule.Origin
		step.Why = CondText(c.Rule.When)
		if c.Rule.Order != "" {
			step.Why += " (" + c.Rule.Order + ")"
		}
	} else if step.Why == "" {
		step.Why = "no route matches " + strQuote(s)
	}
	if c.Action.Kind == model.RouteRespond && c.Action.Status >= 400 || c.Action.Kind == model.RouteReset {
		step.Action = model.Deny
	}
	return step
}

func strQuote(s *model.Seen) string {
	if s.Request == nil {
		return "the connection"
	}
	return orElse(s.Request.Method, "GET") + " " + s.Request.Host + orElse(s.Request.Path, "/")
}

func choiceReasons(r *Router, c *Choice, s *model.Seen) []model.Reason {
	if c.Rule == nil {
		return nil
	}
	if c.Rule.Uncertain != nil {
		return []model.Reason{*c.Rule.Uncertain}
	}
	for i := range c.Host.Rules {
		if &c.Host.Rules[i] == c.Rule {
			return r.matcher(c.Host, i).Reasons(s)
		}
	}
	return nil
}
