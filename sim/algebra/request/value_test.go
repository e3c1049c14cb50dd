package request_test

import (
	"testing"

	"github.com/netfate/netfate/sim/algebra/lang"
	"github.com/netfate/netfate/sim/algebra/request"
)

func TestRequestEqual(t *testing.T) {
	a := request.Request{"claim:g": request.Elements("x"), "path": request.Text("/")}
	for _, c := range []struct {
		b    request.Request
		want bool
	}{
		{request.Request{"claim:g": request.Text("x"), "path": request.Text("/")}, true},
		{request.Request{"claim:g": request.Text("y"), "path": request.Text("/")}, false},
		{request.Request{"claim:g": request.Text("x"), "path": request.Absent()}, false},
		{request.Request{"claim:g": request.Text("x"), "host": request.Text("/")}, false},
		{request.Request{"claim:g": request.Text("x")}, false},
	} {
		if a.Equal(c.b) != c.want || c.b.Equal(a) != c.want {
			t.Errorf("%v equals %v: %v", a, c.b, !c.want)
		}
	}
}

func TestFormatRequest(t *testing.T) {
	sp := space(t)
	sp.Atom("claim:g", lang.All())
	sp.Atom("query:a", lang.All())
	for want, r := range map[string]request.Request{
		"GET /": nil,
		"PUT https://shop/x?a=1": {"method": request.Text("PUT"), "scheme": request.Text("https"),
			"host": request.Text("shop"), "path": request.Text("/x"), "query:a": request.Text("1")},
		"GET / over https":                {"scheme": request.Text("https")},
		"GET / as idp/joe":                {"token": request.TokenOf("idp", "joe")},
		`GET / with sni: "\x1b[31m"`:      {"sni": request.Text("\x1b[31m")},
		`GET / with claim g: ""`:          {"claim:g": request.Text("")},
		"GET / with claim g: a,b":         {"claim:g": request.Elements("a", "b")},
		"GET / without principal":         {"principal": request.Absent()},
		"GET / from td with audiences: x": {"principal": request.Text("td"), "audiences": request.Text("x")},
	} {
		if got := sp.FormatRequest(r); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
