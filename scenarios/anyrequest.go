package scenarios

import (
	"context"
	"strings"

	"github.com/netfate/netfate/sim"
)

// anything is what a statement about all requests of a kind may say of them, and of
// their destination.
const anything = `REQUESTS SUBJECT[ under NAME][ on PORTS]`

// everyRequest says what such a statement is proven over.
const everyRequest = " This is proven over every request of the kind, whatever its path, host, query, headers and claims, from every pod, every node and every address outside the cluster, by every way that leads there: the Services before the destination, its own address, Services that are open to the outside and gateways." +
	" A Service stands for the pods behind it at the ports to which it leads, a workload for all its TCP ports but those of its own proxy. Under is a path and all below it, as it arrives. What the platform grants a pod's own node does not count, nor does a pod's access to itself."

func anyRequestSteps() []entry {
	return []entry{
		then(`only SUBJECTS can `+anything,
			"No request of the kind of anything else gets through to the destination, and of each of those named some does."+everyRequest,
			onlyAnything,
			`Then only "shop/checkout" can POST anything to "shop/points"`,
			`Then only "shop/web" and the internet can send any request to service "shop/cart" under "/api"`),
		then(`nothing can `+anything,
			"Nobody gets a request of the kind through to the destination."+everyRequest,
			nothingAnything, `Then nothing can DELETE anything on "shop/points"`),
		then(`nothing outside the cluster can `+anything,
			"No request of the kind of an address outside the cluster gets through to the destination, directly, through a Service that is open to the outside or through a gateway.",
			outsideAnything, `Then nothing outside the cluster can POST anything to "shop/points" under "/admin"`),
		then(`nothing outside namespace NAME can `+anything,
			"No pod of another namespace, no node and no address outside the cluster gets a request of the kind through to the destination."+everyRequest,
			outsideNamespaceAnything, `Then nothing outside namespace "shop" can send any request to "shop/db" on TCP 8080`),
		then(`SUBJECT cannot `+anything,
			"No request of the kind of the subject gets through to the destination."+everyRequest,
			cannotAnything, `Then namespace "dev" cannot POST anything to "shop/points"`),
	}
}

// parseKind reads "POST anything to", "DELETE anything on" or "send any request to", and
// the path.
func parseKind(text, under string) (k sim.RequestKind, words string) {
	method, _, _ := strings.Cut(text, " ")
	if method != "send" {
		k.Method = method
	}
	k.Under = unquote(under)
	return k, text
}

// said is what a statement says after "can".
type said struct {
	kind  sim.RequestKind
	words string // "POST anything to"
	to    string
	under string
	ports string
}

func parseSaid(args []string) said {
	k, words := parseKind(args[0], args[2])
	return said{kind: k, words: words, to: args[1], under: args[2], ports: args[3]}
}

// text is the statement's words, of the destination as it was understood.
func (x *said) text(to string) string {
	out := x.words + " " + to
	if x.under != "" {
		out += " under " + x.under
	}
	if x.ports != "" {
		out += " on " + x.ports
	}
	return out
}

func onlyAnything(ctx context.Context, s *scenario, c call) error {
	v, err := s.view(ctx)
	if err != nil {
		return err
	}
	list, err := v.resolveAll(c.args[0])
	if err != nil {
		return err
	}
	x, err := v.kindOf(parseSaid(c.args[1:]))
	if err != nil {
		return err
	}
	if err := s.noneOf(ctx, v, x, v.without(list), "something else can ", list); err != nil {
		return err
	}
	for _, d := range list {
		if err := s.someOf(ctx, v, x, d); err != nil {
			return err
		}
	}
	return nil
}

func nothingAnything(ctx context.Context, s *scenario, c call) error {
	return s.nothingOf(ctx, c.args, "something can ", func(v *view) (*ends, error) { return v.universe(), nil })
}

func outsideAnything(ctx context.Context, s *scenario, c call) error {
	return s.nothingOf(ctx, c.args, "something outside the cluster can ", (*view).outsiders)
}

func outsideNamespaceAnything(ctx context.Context, s *scenario, c call) error {
	return s.nothingOf(ctx, c.args[1:], "something outside namespace "+c.args[0]+" can ", func(v *view) (*ends, error) {
		return v.outsideNamespace(c.args[0])
	})
}

func cannotAnything(ctx context.Context, s *scenario, c call) error {
	return s.nothingOf(ctx, c.args[1:], c.args[0]+" can ", func(v *view) (*ends, error) {
		return v.resolveText(c.args[0])
	})
}

func (s *scenario) nothingOf(ctx context.Context, args []string, failed string, who func(*view) (*ends, error)) error {
	v, err := s.view(ctx)
	if err != nil {
		return err
	}
	x, err := v.kindOf(parseSaid(args))
	if err != nil {
		return err
	}
	from, err := who(v)
	if err != nil {
		return err
	}
	return s.noneOf(ctx, v, x, from, failed, []*ends{from})
}
