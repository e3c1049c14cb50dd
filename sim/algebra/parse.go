package algebra

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ParseConns reads what [FormatConns] writes, in any case and spacing:
//
//	all, none                      also "All Connections", "No Connections"
//	TCP 80,90-100; UDP             a protocol, with some of its ports or with all of them
//	ICMP; ICMPv6 type 1 code 0-3   ICMP with some types, and codes of these
//	protocol 47; protocols 2-5,9   by number; "protocol 47 5-6" gives raw port values
//	other protocols                all but TCP, UDP and SCTP
//	IPv4: TCP 80 | IPv6: none      each family on its own; one that is left out has nothing
//
// Protocols are separated by ";" or by ",". Text without a family is for both. The ports 1-65535 are
// the whole protocol. An error says what is wrong and what is accepted.
func ParseConns(text string) (Set, error) {
	parts := strings.Split(text, "|")
	if _, _, ok := cutFamily(text); !ok && len(parts) == 1 {
		s, err := parseList(text)
		return s, inConns(text, err)
	}
	var seen [2]bool
	var b Builder
	for _, part := range parts {
		f, list, ok := cutFamily(part)
		if !ok {
			return nil, inConns(text, fmt.Errorf(`%q names no family: want "IPv4: ..." or "IPv6: ..."`, part))
		}
		if seen[f] {
			return nil, inConns(text, fmt.Errorf("%v is given twice", f))
		}
		seen[f] = true
		s, err := parseList(list)
		if err != nil {
			return nil, inConns(text, err)
		}
		b.AddSet(InFamily(s, f))
	}
	return b.Set(), nil
}

func inConns(text string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("connections %q: %w", text, err)
}

// cutFamily splits "IPv4: rest".
func cutFamily(part string) (f Family, rest string, ok bool) {
	name, rest, ok := strings.Cut(part, ":")
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "ipv4":
		return IPv4, rest, ok
	case "ipv6":
		return IPv6, rest, ok
	}
	return 0, "", false
}

// parseList reads the text of one family, or of both, without the family.
func parseList(text string) (Set, error) {
	toks := tokens(text)
	switch strings.ToLower(strings.Join(toks, " ")) {
	case "":
		return nil, errors.New(`nothing given: want "all", "none" or protocols such as "TCP 80"`)
	case "all", "all connections":
		return AllConns(), nil
	case "none", "no connections":
		return nil, nil
	}
	p := connParser{toks: toks}
	for {
		if err := p.term(); err != nil {
			return nil, err
		}
		switch sep := p.take(); sep {
		case "":
			return p.b.Set(), nil
		case ";", ",":
		default:
			return nil, fmt.Errorf(`unexpected %q: want ";" or the end`, sep)
		}
	}
}

// tokens cuts text into words, numbers and single other characters, without the space between them.
func tokens(text string) []string {
	var out []string
	for i := 0; i < len(text); {
		start, kind := i, class(text[i])
		for i++; i < len(text) && joins(kind, class(text[i])); i++ {
		}
		if kind != ' ' {
			out = append(out, text[start:i])
		}
	}
	return out
}

// joins reports whether a character of class next continues a token that starts with class first: a
// word goes on with letters and digits, as in "ICMPv6", and a number with digits alone.
func joins(first, next byte) bool {
	return first != 0 && first == next || first == 'a' && next == '0'
}

// class returns the kind of the character c: letter, digit, space, or 0 for all others. Bytes of
// characters outside ASCII count as letters, so that an error quotes them whole.
func class(c byte) byte {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= 0x80:
		return 'a'
	case c >= '0' && c <= '9':
		return '0'
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		return ' '
	}
	return 0
}

// isNumber reports whether the token starts a range.
func isNumber(tok string) bool { return tok != "" && class(tok[0]) == '0' }

// number reads a token as a number of at most limit.
func number(tok, what string, limit uint32) (uint32, error) {
	if !isNumber(tok) {
		return 0, fmt.Errorf("%s: want a number 0-%d%s", what, limit, found(tok))
	}
	n, err := strconv.ParseUint(tok, 10, 32)
	if err != nil || n > uint64(limit) {
		return 0, fmt.Errorf("%s %s is out of range: the largest is %d", what, tok, limit)
	}
	return uint32(n), nil
}

func found(tok string) string {
	if tok == "" {
		return ", found the end"
	}
	return fmt.Sprintf(", found %q", tok)
}
