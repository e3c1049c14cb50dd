package scenarios

import (
	"context"
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// asked is a request of a step, and what it carries.
const asked = `METHOD NAME[ as principal NAME][ with header NAME][ with token claims NAME]`

func requestSteps() []entry {
	return []entry{
		then(`SUBJECT can `+asked,
			"Each of the first gets its request to a URL through to an application, by way of the sidecars and routes on the way. Headers are \"name: value\", several parted by \";\"; claims are \"iss=..; sub=..; aud=a,b; groups=admin,dev\". A principal is the identity that the proxy of each shows in mutual TLS in place of its own; the network still sees the pod.",
			canRequest,
			`Then "shop/cart" can GET "http://payments.shop/status"`,
			`Then "shop/cart" can POST "http://payments.shop/charge" with header "x-env: canary"`,
			`Then "shop/cart" can GET "http://payments.shop/status" as principal "cluster.local/ns/shop/sa/frontend"`,
			`Then "shop/cart" can GET "http://payments.shop/admin" with token claims "iss=https://issuer.example; sub=ann; groups=admin"`),
		then(`SUBJECT cannot `+asked,
			"None of the first gets its request to a URL through to an application.",
			cannotRequest, `Then "shop/frontend" cannot POST "http://payments.shop/charge"`),
		then(asked+` from SUBJECT is answered STATUS`,
			"What each of the subject sees: an HTTP status, or reset, timeout or TLS failure.",
			isAnswered,
			`Then POST "http://payments.shop/charge" from "shop/frontend" is answered 403`,
			`Then GET "http://payments.shop/" from "legacy/job" is answered reset`),
		then(asked+` from SUBJECT is routed to NAME[ with PERCENT]`,
			"Routes send the request of each of the subject to a backend, given as \"namespace/service\"; with a share, to several of which this one gets that part.",
			isRouted,
			`Then GET "http://reviews.shop/v2" from "shop/cart" is routed to "shop/reviews-v2"`,
			`Then GET "http://reviews.shop/" from "shop/cart" is routed to "shop/reviews-v2" with 10%`),
	}
}

// parseAsked reads a request of a step: method, URL, principal, header, claims.
func parseAsked(args []string) (sim.Call, error) {
	c, err := parseRequest(args[0], args[1], args[3], args[4])
	if err != nil || args[2] == "" {
		return c, err
	}
	if c.Principal, err = sim.ParsePrincipal(unquote(args[2])); err != nil {
		return c, inputError{error: err}
	}
	c.Text += " as " + c.Principal
	return c, nil
}

// parseRequest reads a call of a step with what it carries.
func parseRequest(method, url, header, claims string) (sim.Call, error) {
	c, err := sim.ParseCall(method, unquote(url))
	if err != nil {
		return c, inputError{error: err}
	}
	if header != "" {
		if err := addHeaders(c.Request, unquote(header)); err != nil {
			return c, inputError{error: err}
		}
	}
	if claims != "" {
		if c.Request.Token, err = parseClaims(unquote(claims)); err != nil {
			return c, inputError{error: err}
		}
	}
	return c, nil
}

func addHeaders(r *model.Request, text string) error {
	if r.Headers == nil {
		r.Headers = map[string]string{}
	}
	for _, part := range strings.Split(text, ";") {
		name, value, ok := strings.Cut(part, ":")
		if name = strings.ToLower(strings.TrimSpace(name)); !ok || name == "" {
			return fmt.Errorf(`header %q: want "name: value"`, strings.TrimSpace(part))
		}
		r.Headers[name] = strings.TrimSpace(value)
	}
	return nil
}

// parseClaims reads "iss=..; sub=..; aud=a,b; name=value,value".
func parseClaims(text string) (*model.Token, error) {
	t := &model.Token{Claims: map[string][]string{}}
	for _, part := range strings.Split(text, ";") {
		name, value, ok := strings.Cut(part, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok || name == "" {
			return nil, fmt.Errorf(`claim %q: want "name=value"`, strings.TrimSpace(part))
		}
		list := strings.Split(value, ",")
		t.Claims[name] = list
		switch name {
		case "iss":
			t.Issuer = value
		case "sub":
			t.Subject = value
		case "aud":
			t.Audiences = list
		case "azp":
			t.Presenter = value
		}
	}
	return t, nil
}

func canRequest(ctx context.Context, s *scenario, c call) error { return s.requests(ctx, c, false) }

func cannotRequest(ctx context.Context, s *scenario, c call) error { return s.requests(ctx, c, true) }

// requests checks that each, or none, of a subject gets a request through.
func (s *scenario) requests(ctx context.Context, c call, deny bool) error {
	req, err := parseAsked(c.args[1:])
	if err != nil {
		return err
	}
	verb, want := " cannot ", model.Allowed
	if deny {
		verb, want = " can ", model.Denied
	}
	return s.asked(ctx, c.args[0], req, func(v *model.Verdict) algebra.Tri {
		if v.Outcome == model.Undetermined {
			return algebra.Maybe
		}
		return algebra.TriOf(v.Outcome == want)
	}, func(from string) string { return from + verb + req.Text })
}

func isAnswered(ctx context.Context, s *scenario, c call) error {
	req, err := parseAsked(c.args)
	if err != nil {
		return err
	}
	want := c.args[6]
	return s.asked(ctx, c.args[5], req, func(v *model.Verdict) algebra.Tri {
		switch {
		case v.Outcome == model.Undetermined:
			return algebra.Maybe
		case want == "200" && v.Symptom == model.Connected:
			return algebra.Yes
		}
		seen := string(v.Symptom)
		return algebra.TriOf(strings.HasPrefix(seen, want+" ") || seen == want || want == "reset" && v.Symptom == model.Reset)
	}, func(from string) string { return req.Text + " from " + from + " is not answered " + want })
}

func isRouted(ctx context.Context, s *scenario, c call) error {
	req, err := parseAsked(c.args)
	if err != nil {
		return err
	}
	want, share := unquote(c.args[6]), c.args[7]
	return s.asked(ctx, c.args[5], req, func(v *model.Verdict) algebra.Tri {
		got := 0.0
		for _, r := range v.Routed {
			if r.Name == want || strings.HasPrefix(r.Name, want+":") || strings.HasPrefix(r.Name, want+" ") {
				got += r.Share
			}
		}
		if share != "" {
			return algebra.TriOf(fmt.Sprintf("%.0f%%", got*100) == share)
		}
		return algebra.TriOf(got > 0.999)
	}, func(from string) string {
		return req.Text + " from " + from + " is not routed to " + want + withShare(share)
	})
}

func withShare(share string) string {
	if share == "" {
		return " alone"
	}
	return " with " + share
}

// asked asks for a request of each of a subject and judges the answers.
func (s *scenario) asked(ctx context.Context, from string, req sim.Call, holds func(*model.Verdict) algebra.Tri, failed func(string) string) error {
	v, ends, err := s.resolve(ctx, from)
	if err != nil {
		return err
	}
	a := v.asker()
	t := &tally{v: v}
	for _, f := range a.sent(ends[0], req) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if f.Principal != "" {
			if err := v.sim.ShowsIdentity(f.From); err != nil {
				return inputError{error: err}
			}
		}
		verdict := v.sim.Verdict(f)
		t.add(finding{holds: holds(&verdict), flow: f})
	}
	if t.total() == 0 {
		return fmt.Errorf("nothing to check: %s sends no such requests", ends[0].text)
	}
	text := failed(ends[0].text)
	return s.judged(v, t, text, "it is undetermined: "+text, names(ends...))
}
