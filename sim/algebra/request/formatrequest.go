package request

import (
	"fmt"
	"strings"
)

// FormatRequest describes one request, such as "GET http://shop.example.com/cart?page=2 with header
// x-env: prod from cluster.local/ns/shop/sa/web". What it does not say has its default.
func (sp *Space) FormatRequest(r Request) string {
	get := func(name string) string {
		if v, ok := r[name]; ok {
			return v.Text()
		}
		d, _ := sp.Dim(name)
		return d.Default
	}
	url := get(Path)
	if host := get(Host); host != "" {
		url = get(Scheme) + "://" + host + url
	}
	var query, rest []string
	for i := range sp.dims {
		d := &sp.dims[i].Dim
		v, ok := r[d.Name]
		if !ok {
			continue
		}
		if name, ok := strings.CutPrefix(d.Name, Query); ok && v.present {
			query = append(query, name+"="+v.Text())
		} else if s := d.say(v, get(Host) == ""); s != "" {
			rest = append(rest, s)
		}
	}
	if query != nil {
		url += "?" + strings.Join(query, "&")
	}
	return strings.Join(append([]string{get(Method) + " " + url}, rest...), " ")
}

// say tells a value in words, "" when the request line tells it.
func (d *Dim) say(v Value, hostless bool) string {
	kind, name, _ := strings.Cut(d.Name, ":")
	label := strings.TrimSpace(kind + " " + name)
	switch {
	case d.Name == Method || d.Name == Path || d.Name == Host || d.Name == Scheme && !hostless:
		return ""
	case d.Name == Scheme:
		return "over " + shown(v)
	case !v.present:
		return "without " + label
	case d.Name == Principal:
		return "from " + shown(v)
	case d.Name == Token:
		return "as " + strings.Replace(v.Text(), between, "/", 1)
	}
	return "with " + label + ": " + shown(v)
}

// shown returns a value as it is, or in quotes when it is empty or not printable.
func shown(v Value) string {
	s := v.Text()
	if q := fmt.Sprintf("%q", s); s == "" || q[1:len(q)-1] != s && strings.Contains(q, `\x`) {
		return q
	}
	return s
}
