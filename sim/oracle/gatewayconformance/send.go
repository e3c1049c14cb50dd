package gatewayconformance

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

// answer is what a client gets of a request that is answered at all.
type answer struct {
	status   int
	location string            // of a redirect
	headers  map[string]string // of the response, lower-case names: what routes and the backend set
	listener *usedListener     // with TLS that the request came in by; nil: none
	echo     *echo             // what the backend saw; nil: something on the way answered
}

// send asks netfate for a request, or for a connection where it is nil, from
// outside the cluster to a gateway's address, and takes one of the ways that the
// verdict leaves. The error is a connection that fails, or a verdict that is none.
func (c *Cluster) send(ctx context.Context, addr netip.Addr, port uint16, protocol algebra.Protocol, r *model.Request) (*answer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, err := c.ask(ctx)
	if err != nil {
		return nil, err
	}
	gw, err := c.gatewayAt(ctx, a.sim, addr)
	if err != nil {
		return nil, err
	}
	return c.take(ctx, a.sim, model.Flow{From: outside(), To: gw, Protocol: protocol, Port: port, Request: r,
		Families: []algebra.Family{algebra.IPv4}})
}

// gatewayAt finds the Gateway that has an address.
func (c *Cluster) gatewayAt(ctx context.Context, s *sim.Simulator, addr netip.Addr) (model.Party, error) {
	list := &corev1.ServiceList{}
	if err := c.store.List(ctx, list); err != nil {
		return model.Party{}, err
	}
	for i := range list.Items {
		in := list.Items[i].Status.LoadBalancer.Ingress
		if len(in) == 0 || in[0].IP != addr.String() {
			continue
		}
		id := list.Items[i].Namespace + "/" + list.Items[i].Labels[gatewayv1.GatewayNameLabelKey]
		for g := range s.Model().Gateways {
			if s.Model().Gateways[g].ID() == id {
				return model.Party{Kind: model.PartyGateway, Index: g}, nil
			}
		}
		return model.Party{}, fmt.Errorf("netfate knows no gateway %s", id)
	}
	return model.Party{}, fmt.Errorf("dial %s: no gateway has this address: %w", addr, syscall.ECONNREFUSED)
}

// take asks for a flow's verdict and takes one of the ways that it leaves.
func (c *Cluster) take(ctx context.Context, s *sim.Simulator, f model.Flow) (*answer, error) {
	v := s.Verdict(f)
	if err := c.copies(ctx, s, &f, &v); err != nil {
		return nil, err
	}
	if len(v.Routed) == 0 && v.Outcome == model.Allowed && v.Symptom == model.Connected {
		v.Routed = straight(&f, &v)
	}
	if len(v.Routed) == 0 || v.Outcome == model.Denied && !slices.ContainsFunc(v.Routed, denied) {
		return byItself(&v)
	}
	if v.Outcome == model.Undetermined && !splits(&v) {
		return nil, undetermined(&v)
	}
	r := &v.Routed[c.turn(routedKey(&f, &v), shares(&v))]
	switch r.Outcome {
	case model.Denied:
		return bySymptom(r.Symptom)
	case model.Undetermined:
		return nil, undetermined(&v)
	}
	if r.Request == nil { // inside the client's own TLS: as it was sent
		r.Request = f.Request
	}
	got, err := c.arrive(ctx, s, r)
	if err == nil {
		for _, change := range r.Response {
			got.headers = l7.ChangeHeaders(got.headers, change)
		}
	}
	if err == nil && f.To.Kind == model.PartyGateway {
		got.listener, err = c.listenerOf(ctx, &v, s.Model().Gateways[f.To.Index].ID())
	}
	return got, err
}

// straight is a flow to a pod itself, which nothing routes.
func straight(f *model.Flow, v *model.Verdict) []model.Routed {
	out := model.Routed{Name: "the pod", Share: 1, Outcome: v.Outcome, Symptom: v.Symptom, Request: f.Request}
	for i := range v.Hops {
		if h := &v.Hops[i]; h.To.Kind == model.PartyEndpoint {
			out.Reached = append(out.Reached, model.Reached{Endpoint: h.To.Index, Port: h.Port})
		}
	}
	return []model.Routed{out}
}

// copies hands the copies of a request to whom routes mirror it.
func (c *Cluster) copies(ctx context.Context, s *sim.Simulator, f *model.Flow, v *model.Verdict) error {
	for i := range v.Mirrored {
		r := &v.Mirrored[i]
		if r.Outcome != model.Allowed || c.turn(fmt.Sprintf("copies of %d %d to %s", f.To.Kind, f.To.Index, r.Name), []float64{r.Share, 1 - r.Share}) > 0 {
			continue
		}
		if _, err := c.arrive(ctx, s, r); err != nil {
			return err
		}
	}
	return nil
}

func denied(r model.Routed) bool { return r.Outcome == model.Denied }

// splits tells whether a verdict is open for nothing but the backend that a
// request is sent to, which the turn settles.
func splits(v *model.Verdict) bool {
	return !slices.ContainsFunc(v.Reasons, func(r model.Reason) bool { return r.Kind != model.LoadBalancing })
}

func undetermined(v *model.Verdict) error {
	var why []string
	for _, r := range v.Reasons {
		why = append(why, r.Text)
	}
	return errors.New("netfate leaves it undetermined: " + strings.Join(why, "; "))
}

// byItself is a verdict of which no backend is part.
func byItself(v *model.Verdict) (*answer, error) {
	if v.Outcome == model.Undetermined {
		return nil, undetermined(v)
	}
	a, err := bySymptom(v.Symptom)
	if a != nil {
		a.location = v.Location
	}
	return a, err
}

// bySymptom is the status, or the failure, that a symptom names.
func bySymptom(s model.Symptom) (*answer, error) {
	number, _, _ := strings.Cut(string(s), " ")
	if status, err := strconv.Atoi(number); err == nil && !strings.Contains(string(s), " or ") {
		return &answer{status: status}, nil
	}
	switch s {
	case model.Reset:
		return nil, fmt.Errorf("%s: %w", s, syscall.ECONNRESET)
	case model.GatewayError: // of those that it may be
		return &answer{status: 503}, nil
	case model.Refused:
		return nil, fmt.Errorf("%s: %w", s, syscall.ECONNREFUSED)
	}
	return nil, errors.New(string(s))
}

// shares are the parts of the whole that the backends get.
func shares(v *model.Verdict) []float64 {
	var out []float64
	for i := range v.Routed {
		out = append(out, v.Routed[i].Share)
	}
	return out
}

func routedKey(f *model.Flow, v *model.Verdict) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %d %d", f.To.Kind, f.To.Index, f.Port)
	for i := range v.Routed {
		fmt.Fprintf(&b, " %s=%g", v.Routed[i].Name, v.Routed[i].Share)
	}
	return b.String()
}

// arrive hands a share's request to one of the pods that may take it.
func (c *Cluster) arrive(ctx context.Context, s *sim.Simulator, r *model.Routed) (*answer, error) {
	if len(r.Reached) == 0 {
		return nil, fmt.Errorf("netfate lets requests to %s through and says not where they arrive", r.Name)
	}
	even := make([]float64, len(r.Reached))
	for i := range even {
		even[i] = 1
	}
	at := r.Reached[c.turn("pods "+r.Name, even)]
	e := &s.Model().Endpoints[at.Endpoint]
	pod := &corev1.Pod{}
	if err := c.store.Get(ctx, types.NamespacedName{Namespace: e.Namespace, Name: e.Name}, pod); err != nil {
		return nil, err
	}
	return c.run(pod, at.Port, r.Request)
}
