package l7

import (
	"strconv"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Why says in words why a condition does not hold, or may not: the first part
// that fails and what was seen instead. It is "" where the condition holds.
func (m *Matcher) Why(s *model.Seen) string {
	if m == nil || m.Holds(s) == algebra.Yes {
		return ""
	}
	switch m.cond.Op {
	case model.CondAnd:
		for _, a := range m.args {
			if a.Holds(s) != algebra.Yes {
				return a.Why(s)
			}
		}
	case model.CondOr:
		return m.whyNone(s)
	case model.CondNot:
		return m.args[0].whyNot(s)
	case model.CondUnknown:
		return m.cond.Reason.Text
	}
	return Saw(m.cond, s) + ", not " + Want(m.cond)
}

// whyNone words a disjunction of which nothing holds.
func (m *Matcher) whyNone(s *model.Seen) string {
	var parts []string
	for _, a := range m.args {
		if w := a.Why(s); len(parts) < 3 && !contains(parts, w) {
			parts = append(parts, w)
		}
	}
	if len(parts) == 0 {
		return "it matches nothing"
	}
	return strings.Join(parts, "; ")
}

// whyNot words a condition that holds where it must not.
func (m *Matcher) whyNot(s *model.Seen) string {
	if m == nil {
		return "it is excluded"
	}
	if m.cond.Op != model.CondMatch {
		for _, a := range m.args {
			if a.Holds(s) != algebra.No {
				return a.whyNot(s)
			}
		}
		return "it is excluded"
	}
	return Saw(m.cond, s) + ", which is excluded"
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// Saw says what a leaf's attribute is: `path is "/admin"`.
func Saw(c *model.Cond, s *model.Seen) string {
	name := attrName(c)
	switch c.Attr {
	case model.AttrPort:
		return name + " is " + strconv.Itoa(int(s.Port))
	case model.AttrPeerAddr:
		return name + addrText(s.Peer.IsValid(), s.Peer.String())
	case model.AttrRemoteAddr:
		return name + addrText(s.Remote.IsValid(), s.Remote.String())
	case model.AttrLocalAddr:
		return name + addrText(s.Local.IsValid(), s.Local.String())
	case model.AttrTokenAudience, model.AttrTokenClaim:
		list := listValue(c, s)
		if len(list) == 0 {
			return absent(c, s, name)
		}
		return name + " is " + strconv.Quote(strings.Join(list, ", "))
	}
	v, ok := value(c, s)
	if !ok {
		return absent(c, s, name)
	}
	return name + " is " + strconv.Quote(v)
}

func addrText(known bool, text string) string {
	if !known {
		return " is not known"
	}
	return " is " + text
}

// absent says that an attribute is missing, and from what.
func absent(c *model.Cond, s *model.Seen, name string) string {
	switch {
	case c.Attr == model.AttrPrincipal:
		return "the client has no identity (plaintext)"
	case c.Attr >= model.AttrTokenPrincipal && c.Attr <= model.AttrTokenClaim && token(s) == nil:
		return "the request has no validated token"
	case s.Request == nil && c.Attr < model.AttrPrincipal:
		return name + " is not visible in a plain TCP connection"
	}
	return name + " is absent"
}

func attrName(c *model.Cond) string {
	if c.Key != "" {
		return c.Attr.String() + " " + c.Key
	}
	return c.Attr.String()
}

// Want says what a leaf asks for: `"/api" or under it`.
func Want(c *model.Cond) string {
	switch c.Attr {
	case model.AttrPort:
		return portsText(c.Ports)
	case model.AttrPeerAddr, model.AttrRemoteAddr, model.AttrLocalAddr:
		return "in " + c.Addrs.String()
	}
	var parts []string
	for _, p := range c.Patterns {
		parts = append(parts, PatternText(p))
	}
	if len(parts) > 4 {
		parts = append(parts[:3], "one of "+strconv.Itoa(len(c.Patterns)-3)+" more")
	}
	return strings.Join(parts, " or ")
}

func portsText(ranges []model.PortRange) string {
	var parts []string
	for _, r := range ranges {
		text := strconv.Itoa(int(r.Low))
		if r.High != r.Low {
			text += "-" + strconv.Itoa(int(r.High))
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " or ")
}

// PatternText words a pattern.
func PatternText(p model.Pattern) string {
	if p.Shown != "" {
		return p.Shown
	}
	switch p.Kind {
	case model.PatternPrefix:
		return p.Value + "*"
	case model.PatternSuffix, model.PatternHostSuffix:
		return "*" + p.Value
	case model.PatternContains:
		return "*" + p.Value + "*"
	case model.PatternPresent, model.PatternAny:
		return "anything"
	case model.PatternPathPrefix:
		return strings.TrimRight(p.Value, "/") + "/*"
	case model.PatternRegexp:
		return "/" + p.Value + "/"
	}
	return strconv.Quote(p.Value)
}

// CondText words a condition: `method is "GET" and path is "/api"`.
func CondText(c *model.Cond) string {
	if c == nil {
		return "every request"
	}
	switch c.Op {
	case model.CondAnd:
		return joinConds(c.Args, " and ", "every request")
	case model.CondOr:
		return joinConds(c.Args, " or ", "nothing")
	case model.CondNot:
		return "not (" + CondText(c.Args[0]) + ")"
	case model.CondUnknown:
		return "perhaps: " + c.Reason.Text
	}
	return attrName(c) + " is " + Want(c)
}

func joinConds(args []*model.Cond, sep, none string) string {
	if len(args) == 0 {
		return none
	}
	var parts []string
	for _, a := range args {
		text := CondText(a)
		if a != nil && (a.Op == model.CondOr || a.Op == model.CondAnd) && len(a.Args) > 1 {
			text = "(" + text + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, sep)
}
