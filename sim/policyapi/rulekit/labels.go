package rulekit

import (
	"maps"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// Expr returns a label selector as an expression; nil, which matches
// everything, for an empty one. matchLabels and matchExpressions are a
// conjunction, and NotIn and DoesNotExist also match where the key is absent.
func Expr(s *metav1.LabelSelector) *model.Expr {
	if s == nil || len(s.MatchLabels)+len(s.MatchExpressions) == 0 {
		return nil
	}
	if len(s.MatchLabels) == 1 && len(s.MatchExpressions) == 0 {
		for k, v := range s.MatchLabels {
			return &model.Expr{Op: model.OpIn, Key: k, Values: []string{v}}
		}
	}
	args := make([]*model.Expr, 0, len(s.MatchLabels)+len(s.MatchExpressions))
	for k, v := range s.MatchLabels {
		args = append(args, &model.Expr{Op: model.OpIn, Key: k, Values: []string{v}})
	}
	slices.SortFunc(args, func(a, b *model.Expr) int { return strings.Compare(a.Key, b.Key) })
	for i := range s.MatchExpressions {
		args = append(args, requirement(&s.MatchExpressions[i]))
	}
	return model.And(args...)
}

func requirement(q *metav1.LabelSelectorRequirement) *model.Expr {
	switch q.Operator {
	case metav1.LabelSelectorOpIn:
		return model.In(q.Key, q.Values...)
	case metav1.LabelSelectorOpNotIn:
		return model.NotIn(q.Key, q.Values...)
	case metav1.LabelSelectorOpExists:
		return model.Exists(q.Key)
	default:
		return model.NotExists(q.Key)
	}
}

// SelectNamespaces puts a namespace selector into a selector of pods. The one
// label that every namespace has, its name, becomes the exact namespace.
func SelectNamespaces(into *model.Selector, s *metav1.LabelSelector) {
	e := Expr(s)
	if e != nil && e.Op == model.OpIn && e.Key == model.NameLabel && len(e.Values) == 1 {
		into.Namespace = e.Values[0]
		return
	}
	into.NamespaceLabels = e
}

// CheckSelector repeats the API server's validation of the label selector under
// a key (apimachinery ValidateLabelSelector).
func (r *Reader) CheckSelector(parent At, key string, s *metav1.LabelSelector) {
	checkSelector(parent, key, s, r.Reject)
}

// CheckUnchecked does the same for a selector that the API server does not
// check, since its definition cannot say how: what is wrong leaves open what
// implementations make of it.
func (r *Reader) CheckUnchecked(parent At, key string, s *metav1.LabelSelector) {
	checkSelector(parent, key, s, r.Unreadable)
}

// ValidSelector tells whether a selector passes the API server's checks.
func ValidSelector(s *metav1.LabelSelector) bool {
	if s == nil {
		return true
	}
	for k, v := range s.MatchLabels {
		if labelKeyError(k) != "" || labelValueError(v) != "" {
			return false
		}
	}
	valid := true
	for i := range s.MatchExpressions {
		checkRequirement(At{}, &s.MatchExpressions[i], func(At, string, string) { valid = false })
	}
	return valid
}

// complaint says what is wrong, where, and what may help.
type complaint func(at At, message, hint string)

func checkSelector(parent At, key string, s *metav1.LabelSelector, complain complaint) {
	if ValidSelector(s) {
		return
	}
	at := parent.Key(key)
	checkMatchLabels(at.Key("matchLabels"), s.MatchLabels, complain)
	for i := range s.MatchExpressions {
		checkRequirement(at.Item("matchExpressions", i), &s.MatchExpressions[i], complain)
	}
}

// checkMatchLabels says what is wrong with which label, in the order of the keys.
func checkMatchLabels(at At, labels map[string]string, complain complaint) {
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		place := at.step(at.node.Get(k), manifest.JoinKey(at.path, k))
		if msg := labelKeyError(k); msg != "" {
			complain(place, invalid(k, msg), "")
		}
		if msg := labelValueError(labels[k]); msg != "" {
			complain(place, invalid(labels[k], msg), "")
		}
	}
}

func checkRequirement(at At, q *metav1.LabelSelectorRequirement, complain complaint) {
	switch q.Operator {
	case metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn:
		if len(q.Values) == 0 {
			complain(at.Key("values"), "Required value: must be specified when `operator` is 'In' or 'NotIn'", "")
		}
	case metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist:
		if len(q.Values) > 0 {
			complain(at.Key("values"), "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'", "")
		}
	default:
		complain(at.Key("operator"), invalid(string(q.Operator), "not a valid selector operator"),
			"operators are In, NotIn, Exists and DoesNotExist")
	}
	if msg := labelKeyError(q.Key); msg != "" {
		complain(at.Key("key"), invalid(q.Key, msg), "")
	}
	for i, v := range q.Values {
		if msg := labelValueError(v); msg != "" {
			complain(at.Item("values", i), invalid(v, msg), "")
		}
	}
}

// labelKeyError says what is wrong with a label key, "" when nothing is.
func labelKeyError(key string) string {
	if plainLabel(key) && key != "" {
		return ""
	}
	if prefix, name, ok := strings.Cut(key, "/"); ok && plainName(prefix) && plainLabel(name) && name != "" {
		return ""
	}
	return strings.Join(validation.IsQualifiedName(key), "; ")
}

// labelValueError says what is wrong with a label value, "" when nothing is.
func labelValueError(value string) string {
	if plainLabel(value) {
		return ""
	}
	return strings.Join(validation.IsValidLabelValue(value), "; ")
}

// plainLabel accepts every valid label value, and so the name part of every
// valid key, fast.
func plainLabel(s string) bool {
	if len(s) > 63 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		alnum := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !alnum && (i == 0 || i == len(s)-1 || c != '-' && c != '_' && c != '.') {
			return false
		}
	}
	return true
}
