package scenarios

import (
	"context"
	"fmt"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// carried is what a request step may say of its request.
const carried = `METHOD NAME[ with header NAME][ with token claims NAME]`

// everySender says over whom a statement about one request is proven.
const everySender = " Every pod and node of the cluster is asked for this request to this URL, and one address of each range outside it that rules tell apart, where a gateway takes requests or the URL's Service is open to the outside." +
	" What the platform grants a pod's own node does not count, nor does a pod's access to itself."

func onlyRequestSteps() []entry {
	return []entry{
		then(`only SUBJECTS can `+carried,
			"Each of those named gets this request through to an application, and nothing else does."+everySender,
			onlyRequest,
			`Then only "shop/checkout" can POST "http://points.shop/accounts/ann/points"`,
			`Then only "shop/web" and the internet can GET "http://www.example.com/" with header "x-env: canary"`),
		then(`nothing can `+carried,
			"Nobody gets this request through to an application."+everySender,
			nothingRequest, `Then nothing can DELETE "http://points.shop/accounts/ann"`),
		then(`nothing outside the cluster can `+carried,
			"No address outside the cluster gets this request through to an application, through a gateway or a Service that is open to the outside.",
			outsideRequest, `Then nothing outside the cluster can GET "http://points.shop/admin"`),
		then(`nothing outside namespace NAME can `+carried,
			"No pod of another namespace, no node and no address outside the cluster gets this request through to an application."+everySender,
			outsideNamespaceRequest, `Then nothing outside namespace "shop" can POST "http://points.shop/accounts/ann/points"`),
	}
}

func onlyRequest(ctx context.Context, s *scenario, c call) error {
	req, err := parseRequest(c.args[1], c.args[2], c.args[3], c.args[4])
	if err != nil {
		return err
	}
	v, err := s.view(ctx)
	if err != nil {
		return err
	}
	list, err := v.resolveAll(c.args[0])
	if err != nil {
		return err
	}
	if err := s.nobodySends(ctx, v, v.without(list), req, "something else can "+req.Text, list); err != nil {
		return err
	}
	for _, d := range list {
		if err := s.allSend(ctx, v, d, req); err != nil {
			return err
		}
	}
	return nil
}

func nothingRequest(ctx context.Context, s *scenario, c call) error {
	return s.nothingSends(ctx, c.args, "something can ", func(v *view) (*ends, error) { return v.universe(), nil })
}

func outsideRequest(ctx context.Context, s *scenario, c call) error {
	return s.nothingSends(ctx, c.args, "something outside the cluster can ", (*view).outsiders)
}

func outsideNamespaceRequest(ctx context.Context, s *scenario, c call) error {
	return s.nothingSends(ctx, c.args[1:], "something outside namespace "+c.args[0]+" can ", func(v *view) (*ends, error) {
		return v.outsideNamespace(c.args[0])
	})
}

func (s *scenario) nothingSends(ctx context.Context, args []string, failed string, who func(*view) (*ends, error)) error {
	req, err := parseRequest(args[0], args[1], args[2], args[3])
	if err != nil {
		return err
	}
	v, err := s.view(ctx)
	if err != nil {
		return err
	}
	from, err := who(v)
	if err != nil {
		return err
	}
	if len(from.endpoints) == 0 && !v.entered(req) {
		return inputError{error: fmt.Errorf("%s: there is no Service %q and no gateway that could serve it", req.Text, req.Host)}
	}
	return s.nobodySends(ctx, v, from, req, failed+req.Text, nil)
}

// nobodySends checks that none of a subject gets a request through. There being
// nobody is fine.
func (s *scenario) nobodySends(ctx context.Context, v *view, from *ends, req sim.Call, failed string, known []*ends) error {
	a, t := v.asker(), &tally{v: v}
	for _, f := range a.sent(from, req) {
		if err := ctx.Err(); err != nil {
			return err
		}
		verdict := v.sim.Verdict(f)
		holds := algebra.Yes
		if verdict.Outcome != model.Denied && a.counts(f.From, &verdict) {
			holds = maybeIf(verdict.Outcome == model.Undetermined, algebra.No)
		}
		t.add(finding{holds: holds, flow: f})
	}
	more := ""
	if n := t.count[algebra.No]; n > 1 {
		more = fmt.Sprintf(" (%d of them; the first is shown)", n)
	}
	t.count[algebra.Yes] = 0 // that others are refused is no surprise
	return s.judged(v, t, failed+more, "it is undetermined whether "+failed, names(known...))
}

func maybeIf(open bool, otherwise algebra.Tri) algebra.Tri {
	if open {
		return algebra.Maybe
	}
	return otherwise
}

// allSend checks that each of a subject gets a request through.
func (s *scenario) allSend(ctx context.Context, v *view, d *ends, req sim.Call) error {
	a, t := v.asker(), &tally{v: v}
	for _, f := range a.sent(d, req) {
		if err := ctx.Err(); err != nil {
			return err
		}
		verdict := v.sim.Verdict(f)
		if len(d.endpoints) > 1 && a.ownOnly(f.From, &verdict) {
			continue
		}
		t.add(finding{holds: maybeIf(verdict.Outcome == model.Undetermined, algebra.TriOf(verdict.Outcome == model.Allowed)), flow: f})
	}
	if t.total() == 0 {
		return fmt.Errorf("nothing to check: %s sends no such requests", d.text)
	}
	text := d.text + " cannot " + req.Text
	return s.judged(v, t, text+" itself", "it is undetermined: "+text, names(d))
}
