package istio

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// capture reads which traffic of a pod goes past its proxy: the arguments with
// which its init container ran, else the annotations.
func capture(p *model.Proxy, ann, spec *manifest.Node) error {
	c := capturing{said: ann}
	if args := initArgs(spec); args != nil {
		c.args = args
	}
	p.Own = ownPorts()
	p.ExcludeIn = append(ownPorts(), c.ports("excludeInboundPorts", "-d")...)
	if text, ok := c.value("includeInboundPorts", "-b"); ok && text != "*" {
		p.ExcludeIn = append(p.ExcludeIn, others(c.portList("includeInboundPorts", text))...)
	}
	p.ExcludeOut = c.ports("excludeOutboundPorts", "-o")
	if text, ok := c.value("excludeOutboundIPRanges", "-x"); ok {
		p.ExcludeOutAddrs = c.blocks("excludeOutboundIPRanges", text)
	}
	if text, ok := c.value("includeOutboundIPRanges", "-i"); ok && text != "*" {
		p.ExcludeOutAddrs = p.ExcludeOutAddrs.Union(algebra.AllAddrs().Subtract(c.blocks("includeOutboundIPRanges", text)))
	}
	p.IncludeOut = c.ports("includeOutboundPorts", "-q")
	return c.err
}

// ownPorts are the proxy's own: metrics, health and merged metrics, which its
// rules of redirection always leave alone.
func ownPorts() []model.PortRange {
	return []model.PortRange{{Low: 15020, High: 15021}, {Low: 15090, High: 15090}}
}

// initArgs returns the flags of the init container that redirects the pod's
// traffic, nil where the pod has none.
func initArgs(spec *manifest.Node) map[string]string {
	list := containerNamed(spec, initContainer).Get("args")
	if list.Len() == 0 {
		return nil
	}
	out := map[string]string{}
	for i := 0; i+1 < list.Len(); i++ {
		if flag := list.Items[i].Value; strings.HasPrefix(flag, "-") && !strings.HasPrefix(list.Items[i+1].Value, "-") {
			out[flag] = list.Items[i+1].Value
		}
	}
	return out
}

// capturing reads the settings of one pod; the first error stays.
type capturing struct {
	said *manifest.Node
	args map[string]string
	err  error
}

// value is a setting by its annotation or flag; false where nothing is said.
func (c *capturing) value(name, flag string) (string, bool) {
	if c.args != nil {
		v, ok := c.args[flag]
		return v, ok
	}
	n := c.said.Get(annPrefix + name)
	if n == nil {
		return "", false
	}
	return n.Value, true
}

func (c *capturing) ports(name, flag string) []model.PortRange {
	text, ok := c.value(name, flag)
	if !ok {
		return nil
	}
	if text == "*" {
		return []model.PortRange{{Low: 1, High: 65535}}
	}
	return c.portList(name, text)
}

func (c *capturing) portList(name, text string) []model.PortRange {
	list, err := portList(text)
	c.fail(name, err)
	return list
}

func (c *capturing) blocks(name, text string) algebra.AddrSet {
	if text == "*" {
		return algebra.AllAddrs()
	}
	var out algebra.AddrSet
	for _, f := range strings.FieldsFunc(text, comma) {
		set, err := addrSet(f)
		c.fail(name, err)
		out = out.Union(set)
	}
	return out
}

func (c *capturing) fail(name string, err error) {
	if err != nil && c.err == nil {
		c.err = fmt.Errorf("annotation %s%s: %w", annPrefix, name, err)
	}
}

func comma(r rune) bool { return r == ',' || r == ' ' }

func portList(text string) ([]model.PortRange, error) {
	var out []model.PortRange
	for _, f := range strings.FieldsFunc(text, comma) {
		n, err := strconv.ParseUint(f, 10, 16)
		if err != nil {
			return nil, fmt.Errorf("%q is not a port", f)
		}
		out = append(out, model.PortRange{Low: uint16(n), High: uint16(n)})
	}
	return out, nil
}

// others are the ports that a list leaves out.
func others(list []model.PortRange) []model.PortRange {
	in := map[uint16]bool{}
	for _, r := range list {
		in[r.Low] = true
	}
	var out []model.PortRange
	for p := 0; p <= 65535; p++ {
		if in[uint16(p)] {
			continue
		}
		if n := len(out); n > 0 && int(out[n-1].High) == p-1 {
			out[n-1].High = uint16(p)
			continue
		}
		out = append(out, model.PortRange{Low: uint16(p), High: uint16(p)})
	}
	return out
}
