package scenarios

import (
	"fmt"
	"regexp"
	"strings"
)

// kind says what sort of subject the words name.
type kind uint8

const (
	named         kind = iota // "shop/checkout": a workload or a pod, an address, or as for netfate explain
	podNamed                  // pod "shop/checkout-0"
	podsLabelled              // pods labelled "app=web" [in namespace "shop"]
	namespace                 // namespace "shop"
	namespacesFor             // namespaces labelled "team=pay"
	node                      // node "n1", host process on node "n1"
	address                   // address "203.0.113.7"
	cidr                      // CIDR "10.0.0.0/8"
	internet                  // the internet
	anyPod                    // any pod
	service                   // service "shop/web"
	host                      // host "api.example.com"
)

// subject is one end of a statement, as written.
type subject struct {
	kind kind
	name string // the quoted text
	in   string // the namespace of podsLabelled
	text string // the words as they were written
}

const (
	quoted        = `"[^"]*"`
	subjectRegexp = `(?:(?:pod |node |host process on node |namespace |namespaces labelled |address |CIDR |service |host )?` +
		quoted + `|pods labelled ` + quoted + `(?: in namespace ` + quoted + `)?|the internet|any pod)`
	listRegexp = subjectRegexp + `(?:(?:, and |, | and )` + subjectRegexp + `)*`
)

// prefixes are the words before the name, longer ones first.
func prefixes() []struct {
	words string
	kind  kind
} {
	return []struct {
		words string
		kind  kind
	}{
		{"host process on node ", node}, {"namespaces labelled ", namespacesFor}, {"namespace ", namespace},
		{"pods labelled ", podsLabelled}, {"pod ", podNamed}, {"node ", node}, {"address ", address}, {"CIDR ", cidr},
		{"service ", service}, {"host ", host},
	}
}

// parseSubject reads one subject.
func parseSubject(text string) (subject, error) {
	text = strings.TrimSpace(text)
	s := subject{text: text}
	switch text {
	case "the internet":
		s.kind = internet
		return s, nil
	case "any pod":
		s.kind = anyPod
		return s, nil
	}
	rest := text
	for _, p := range prefixes() {
		if after, ok := strings.CutPrefix(text, p.words); ok {
			s.kind, rest = p.kind, after
			break
		}
	}
	name, after, ok := cutQuoted(rest)
	if !ok {
		return s, fmt.Errorf("%q is not a subject: want one such as %s", text, `"shop/web", pods labelled "app=web", namespace "shop", node "n1", address "203.0.113.7", the internet, any pod`)
	}
	s.name = name
	if in, ok := strings.CutPrefix(after, " in namespace "); ok && s.kind == podsLabelled {
		s.in, after, ok = cutQuoted(in)
		if !ok || s.in == "" {
			return s, fmt.Errorf("%q: want the namespace in quotes", text)
		}
	}
	if after != "" {
		return s, fmt.Errorf("%q: %q is too much", text, strings.TrimSpace(after))
	}
	if s.name == "" {
		return s, fmt.Errorf("%q names nothing", text)
	}
	return s, nil
}

// cutQuoted splits `"name"rest`.
func cutQuoted(text string) (name, rest string, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		return "", text, false
	}
	return strings.Cut(text[1:], `"`)
}

// parseSubjects reads a list of subjects, joined by commas and "and".
func parseSubjects(text string) ([]subject, error) {
	var out []subject
	for _, part := range regexp.MustCompile(subjectRegexp).FindAllString(text, -1) {
		s, err := parseSubject(part)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%q holds no subject", text)
	}
	return out, nil
}
