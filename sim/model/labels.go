package model

import (
	"slices"
	"strings"
)

// Label is one key and value.
type Label struct{ Key, Value string }

// Labels are sorted by key, each key once. The zero value is no labels.
type Labels []Label

// NewLabels returns the labels of a map, sorted.
func NewLabels(m map[string]string) Labels {
	if len(m) == 0 {
		return nil
	}
	out := make(Labels, 0, len(m))
	for k, v := range m {
		out = append(out, Label{k, v})
	}
	out.sort()
	return out
}

func (l Labels) sort() {
	slices.SortFunc(l, func(a, b Label) int { return strings.Compare(a.Key, b.Key) })
}

// Get returns the value of a key and whether it is present. It does not allocate.
func (l Labels) Get(key string) (string, bool) {
	for i := range l {
		if l[i].Key == key {
			return l[i].Value, true
		}
	}
	return "", false
}

// With returns the labels with one key set; l is not changed.
func (l Labels) With(key, value string) Labels {
	out := make(Labels, 0, len(l)+1)
	for _, x := range l {
		if x.Key != key {
			out = append(out, x)
		}
	}
	out = append(out, Label{key, value})
	out.sort()
	return out
}

// String returns "a=1,b=2".
func (l Labels) String() string {
	var b strings.Builder
	for i, x := range l {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(x.Key)
		b.WriteByte('=')
		b.WriteString(x.Value)
	}
	return b.String()
}
