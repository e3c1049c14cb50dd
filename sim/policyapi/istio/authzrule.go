package istio

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	securityv1 "istio.io/api/security/v1beta1"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// clause is one field of a rule: values of which one must match and values of
// which none may.
type clause struct {
	http  bool // looks at the request: not known on plain connections
	yes   []string
	no    []string
	match func(string) (*model.Cond, error)
}

// errHTTPOnly is the field of a request in a rule for plain connections.
type errHTTPOnly struct{}

func (errHTTPOnly) Error() string {
	return "looks at the request, which a plain connection does not have"
}

// ruleCond makes the condition of one rule for one kind of filter chain. An error
// in a rule that allows drops the rule; in others it drops the value alone, which
// makes them wider (authz/model Generate, checkError).
type ruleCond struct {
	namespace string // of the policy
	trust     trust
	strict    bool // an error drops the rule
	stream    bool // for plain connections
}

// of returns the condition, or why the rule is dropped.
func (c ruleCond) of(r *securityv1.Rule) (*model.Cond, error) {
	fromWhen, toWhen, err := c.when(r.GetWhen())
	if err != nil {
		return nil, err
	}
	from, err := alternatives(len(r.GetFrom()), func(i int) (*model.Cond, error) { return c.all(c.source(r.GetFrom()[i].GetSource())) })
	if err != nil {
		return nil, err
	}
	to, err := alternatives(len(r.GetTo()), func(i int) (*model.Cond, error) { return c.all(c.operation(r.GetTo()[i].GetOperation())) })
	if err != nil {
		return nil, err
	}
	return model.AllOf(from, to, fromWhen, toWhen), nil
}

// alternatives is the disjunction of a list of conditions; of none it holds.
func alternatives(n int, at func(int) (*model.Cond, error)) (*model.Cond, error) {
	if n == 0 {
		return nil, nil
	}
	list := make([]*model.Cond, n)
	for i := range list {
		c, err := at(i)
		if err != nil {
			return nil, err
		}
		list[i] = c
	}
	return model.AnyOf(list...), nil
}

// all is the conjunction of clauses.
func (c ruleCond) all(clauses []clause) (*model.Cond, error) {
	var out []*model.Cond
	for i := range clauses {
		x := &clauses[i]
		yes, err := c.values(x, x.yes)
		if err != nil {
			return nil, err
		}
		no, err := c.values(x, x.no)
		if err != nil {
			return nil, err
		}
		if len(yes) > 0 {
			out = append(out, model.AnyOf(yes...))
		}
		if len(no) > 0 {
			out = append(out, model.NotCond(model.AnyOf(no...)))
		}
	}
	return model.AllOf(out...), nil
}

func (c ruleCond) values(x *clause, values []string) ([]*model.Cond, error) {
	var out []*model.Cond
	for _, v := range values {
		m, err := x.match(v)
		if x.http && c.stream {
			err = errHTTPOnly{}
		}
		if err != nil && c.strict {
			return nil, err
		}
		if err == nil {
			out = append(out, m)
		}
	}
	return out, nil
}

func strs(a model.Attr, key string, p func(string) model.Pattern) func(string) (*model.Cond, error) {
	return func(v string) (*model.Cond, error) { return model.Match(a, key, p(v)), nil }
}

func addrs(a model.Attr) func(string) (*model.Cond, error) {
	return func(v string) (*model.Cond, error) {
		set, err := addrSet(v)
		if err != nil {
			return nil, err
		}
		return model.MatchAddrs(a, set), nil
	}
}

// addrSet is an address or a block.
func addrSet(v string) (algebra.AddrSet, error) {
	if !strings.Contains(v, "/") {
		a, err := netip.ParseAddr(v)
		if err != nil {
			return nil, err
		}
		return algebra.PrefixSet(netip.PrefixFrom(a, a.BitLen())), nil
	}
	p, err := netip.ParsePrefix(v)
	if err != nil {
		return nil, err
	}
	return algebra.PrefixSet(p.Masked()), nil
}

func ports(v string) (*model.Cond, error) {
	n, err := strconv.ParseUint(v, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("port %q: ports are 1 to 65535", v)
	}
	return model.MatchPorts(model.PortRange{Low: uint16(n), High: uint16(n)}), nil
}

func (c ruleCond) source(s *securityv1.Source) []clause {
	if s == nil {
		return nil
	}
	sa := func(v string) model.Pattern { return serviceAccountPattern(c.namespace, v) }
	return []clause{
		{yes: c.trust.principals(s.GetPrincipals()), no: c.trust.principals(s.GetNotPrincipals()), match: strs(model.AttrPrincipal, "", text)},
		{http: true, yes: s.GetRequestPrincipals(), no: s.GetNotRequestPrincipals(), match: tokenPrincipal},
		{yes: s.GetServiceAccounts(), no: s.GetNotServiceAccounts(), match: strs(model.AttrPrincipal, "", sa)},
		{yes: c.trust.domains(s.GetTrustDomains()), no: c.trust.domains(s.GetNotTrustDomains()), match: strs(model.AttrPrincipal, "", trustDomainPattern)},
		{yes: s.GetNamespaces(), no: s.GetNotNamespaces(), match: strs(model.AttrPrincipal, "", namespacePattern)},
		{yes: s.GetRemoteIpBlocks(), no: s.GetNotRemoteIpBlocks(), match: addrs(model.AttrRemoteAddr)},
		{yes: s.GetIpBlocks(), no: s.GetNotIpBlocks(), match: addrs(model.AttrPeerAddr)},
	}
}

func tokenPrincipal(v string) (*model.Cond, error) { return requestPrincipal(v), nil }

func (c ruleCond) operation(o *securityv1.Operation) []clause {
	if o == nil {
		return nil
	}
	return []clause{
		{http: true, yes: o.GetHosts(), no: o.GetNotHosts(), match: strs(model.AttrHost, "", host)},
		{http: true, yes: o.GetMethods(), no: o.GetNotMethods(), match: strs(model.AttrMethod, "", header)},
		{http: true, yes: o.GetPaths(), no: o.GetNotPaths(), match: strs(model.AttrPath, "", path)},
		{yes: o.GetPorts(), no: o.GetNotPorts(), match: ports},
	}
}
