package manifest

import (
	"math"
	"strconv"
	"strings"
)

// resolvePlain returns what a plain (unquoted) scalar means to Kubernetes: the kind and the text of a
// JSON value. Its rules are those of go.yaml.in/yaml/v2, which follows YAML 1.1. The second result is
// the canonical text; ok is false for infinities and NaN, which JSON cannot hold.
func resolvePlain(s string) (kind Kind, text string, ok bool) {
	if s == "" {
		return Null, "", true
	}
	switch c := s[0]; {
	case c-'0' <= 9:
		if len(s) <= 18 && (c != '0' || len(s) == 1) && allDigits(s) {
			return Int, s, true
		}
		return resolveNumber(s)
	case c == '+', c == '-':
		if kind, ok := reservedWord(s); ok {
			return kind, "", false
		}
		return resolveNumber(s)
	case c == '.':
		if kind, ok := reservedWord(s); ok {
			return kind, "", false
		}
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			return floatText(f)
		}
		return String, s, true
	}
	switch kind, _ := reservedWord(s); kind {
	case Null:
		return Null, "", true
	case Bool:
		return Bool, boolText(s), true
	}
	return String, s, true
}

// reservedWord reports the kind of a word that YAML 1.1 takes for something other than a string; for
// other words it returns String and false.
func reservedWord(s string) (Kind, bool) {
	if len(s) > 5 {
		return String, false
	}
	switch s {
	case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON",
		"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF":
		return Bool, true
	case "", "~", "null", "Null", "NULL":
		return Null, true
	case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF":
		return Float, true
	}
	return String, false
}

// boolText returns the JSON text of a word that reservedWord took for a boolean.
func boolText(s string) string {
	switch s[0] {
	case 'y', 'Y', 't', 'T':
		return "true"
	case 'o', 'O':
		if len(s) == 2 {
			return "true"
		}
	}
	return "false"
}

// resolveNumber resolves a scalar that starts with a digit or a sign. Dates need no rule: they are
// strings in JSON, and none of them is also a number.
func resolveNumber(s string) (Kind, string, bool) {
	if !mayBeNumber(s) {
		return String, s, true
	}
	plain := strings.ReplaceAll(s, "_", "")
	if i, err := strconv.ParseInt(plain, 0, 64); err == nil {
		return Int, strconv.FormatInt(i, 10), true
	}
	if u, err := strconv.ParseUint(plain, 0, 64); err == nil {
		return Int, strconv.FormatUint(u, 10), true
	}
	if isFloat(plain) {
		if f, err := strconv.ParseFloat(plain, 64); err == nil {
			return floatText(f)
		}
	}
	return oddBinary(s, plain)
}

// oddBinary resolves what yaml/v2 tries last: 0b with a sign behind the prefix.
func oddBinary(s, plain string) (Kind, string, bool) {
	digits, ok := strings.CutPrefix(plain, "0b")
	if !ok {
		if digits, ok = strings.CutPrefix(plain, "-0b"); ok {
			digits = "-" + digits
		}
	}
	if !ok {
		return String, s, true
	}
	if i, err := strconv.ParseInt(digits, 2, 64); err == nil {
		return Int, strconv.FormatInt(i, 10), true
	}
	return String, s, true
}

// mayBeNumber is a cheap test that lets through all numbers and few other texts, so that addresses,
// quantities and versions do not pay for failed conversions.
func mayBeNumber(s string) bool {
	dots := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c-'0' <= 9, c|0x20 >= 'a' && c|0x20 <= 'f', c|0x20 == 'x', c|0x20 == 'o', c == '_', c == '+', c == '-':
		case c == '.':
			if dots++; dots > 1 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// isFloat reports whether s matches [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
func isFloat(s string) bool {
	s = cutSign(s)
	whole := countDigits(s)
	s = s[whole:]
	if strings.HasPrefix(s, ".") {
		frac := countDigits(s[1:])
		if whole == 0 && frac == 0 {
			return false
		}
		s = s[1+frac:]
	} else if whole == 0 {
		return false
	}
	if s == "" {
		return true
	}
	if s[0]|0x20 != 'e' {
		return false
	}
	s = cutSign(s[1:])
	return s != "" && countDigits(s) == len(s)
}

func cutSign(s string) string {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		return s[1:]
	}
	return s
}

func countDigits(s string) int {
	n := 0
	for n < len(s) && s[n]-'0' <= 9 {
		n++
	}
	return n
}

func allDigits(s string) bool { return countDigits(s) == len(s) }

// floatText returns f as encoding/json writes it.
func floatText(f float64) (Kind, string, bool) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return Float, "", false
	}
	format := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		format = 'e'
	}
	text := strconv.FormatFloat(f, format, -1, 64)
	if n := len(text); format == 'e' && n >= 4 && text[n-4:n-1] == "e-0" {
		text = text[:n-2] + text[n-1:] // e-09 becomes e-9
	}
	return Float, text, true
}

// resolveKey returns the name of a map key given as a plain scalar, as sigs.k8s.io/yaml turns it into
// a JSON name; ok is false when it rejects the key.
func resolveKey(s string) (name string, ok bool) {
	if s == "" {
		return "", false
	}
	kind, text, finite := resolvePlain(s)
	switch kind {
	case Null:
		return "", false
	case Int:
		_, err := strconv.ParseInt(text, 10, 64) // it knows no unsigned keys
		return text, err == nil
	case Float:
		if !finite {
			return specialFloatKey(s), true
		}
		f, err := strconv.ParseFloat(text, 64)
		return floatKey(f), err == nil
	}
	return text, true
}

// floatKey formats a float key as sigs.k8s.io/yaml does, in single precision.
func floatKey(f float64) string {
	switch s := strconv.FormatFloat(f, 'g', -1, 32); s {
	case "+Inf":
		return ".inf"
	case "-Inf":
		return "-.inf"
	default:
		return s
	}
}

// specialFloatKey names a key that is an infinity or not a number.
func specialFloatKey(s string) string {
	switch {
	case strings.EqualFold(s, ".nan"):
		return ".nan"
	case s[0] == '-':
		return "-.inf"
	}
	return ".inf"
}
