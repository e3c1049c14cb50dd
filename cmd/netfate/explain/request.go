package explain

import (
	"context"
	"fmt"
	"strings"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/reports"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

// isCall tells whether the arguments ask for a request: A URL, or A METHOD URL.
func isCall(args []string) bool { return strings.Contains(args[len(args)-1], "://") }

// call reads the request of the arguments and flags.
func (f *flags) call(args []string) (sim.Call, error) {
	method := "GET"
	if len(args) == 3 {
		method = args[1]
	}
	if len(args) > 3 || strings.ToUpper(method) != method {
		return sim.Call{}, fmt.Errorf("want A URL, or A METHOD URL with the method in capitals: netfate explain -f deploy/ shop/cart POST http://payments.shop/charge")
	}
	c, err := sim.ParseCall(method, args[len(args)-1])
	if err != nil {
		return c, err
	}
	for _, h := range f.headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok || strings.TrimSpace(name) == "" {
			return c, fmt.Errorf(`--header %q: want "name: value"`, h)
		}
		if c.Request.Headers == nil {
			c.Request.Headers = map[string]string{}
		}
		c.Request.Headers[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
	}
	if f.as != "" {
		if c.Principal, err = sim.ParsePrincipal(f.as); err != nil {
			return c, fmt.Errorf("--principal: %w", err)
		}
	}
	return c, f.token(c.Request)
}

// token reads the claims of --claim.
func (f *flags) token(r *model.Request) error {
	for _, text := range f.claims {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return fmt.Errorf("--claim %q: want name=value", text)
		}
		if r.Token == nil {
			r.Token = &model.Token{Claims: map[string][]string{}}
		}
		list := strings.Split(value, ",")
		r.Token.Claims[name] = list
		switch name {
		case "iss":
			r.Token.Issuer = value
		case "sub":
			r.Token.Subject = value
		case "aud":
			r.Token.Audiences = list
		case "azp":
			r.Token.Presenter = value
		}
	}
	return nil
}

// runCall explains a request.
func (f *flags) runCall(ctx context.Context, s *cli.Streams, args []string) error {
	c, err := f.call(args)
	if err != nil {
		return err
	}
	f.source.Single = true
	x, bad, err := f.source.Simulator(ctx, s, "netfate explain")
	if err != nil {
		return err
	}
	from, err := x.Resolve(args[0])
	if err != nil {
		return err
	}
	for _, p := range from.Parties {
		if err := x.ShowsIdentity(p); c.Principal != "" && err != nil {
			return fmt.Errorf("--principal: %w", err)
		}
	}
	e := &reports.Explanation{From: from, To: sim.Subject{Text: args[len(args)-1], Note: "the URL's host " + c.Host}, On: c.Text,
		Network: x.Profile().Name, Request: c.Text, Verdicts: x.ExplainCall(from, c), Reproduce: f.reproduceCall(args)}
	if err := f.write(s, e); err != nil {
		return err
	}
	if bad != nil {
		return bad
	}
	return exit.With(f.status(e))
}

func (f *flags) reproduceCall(args []string) string {
	out := append([]string{"netfate", "explain"}, f.source.Args()...)
	if f.as != "" {
		out = append(out, "--principal", f.as)
	}
	for _, h := range f.headers {
		out = append(out, "--header", h)
	}
	for _, c := range f.claims {
		out = append(out, "--claim", c)
	}
	return cli.Quote(append(out, args...)...)
}
