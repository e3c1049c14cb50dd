package control

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"k8s.io/client-go/rest"
)

// TestExecRefused asserts that exec is tried by WebSocket and by SPDY, and that a refusal says which permission lacks.
func TestExecRefused(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.Method+" "+r.URL.Path+" "+strings.Join(r.URL.Query()["command"], " ")+" "+r.URL.Query().Get("container"))
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"Forbidden","code":403,"message":"pods \"pay\" is forbidden: cannot create resource pods/exec"}`)
	}))
	defer srv.Close()
	x, err := NewExec(&rest.Config{Host: srv.URL}, "")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err = x.Session(t.Context(), "shop", "pay", "agent", strings.NewReader(""), &out)
	if !errors.Is(err, ErrForbidden) || !hopeless(err) || !strings.Contains(err.Error(), "verbs create and get on pods/exec") {
		t.Errorf("%v", err)
	}
	const call = "/api/v1/namespaces/shop/pods/pay/exec /netfate-probe session agent"
	if len(asked) != 2 || asked[0] != "GET "+call || asked[1] != "POST "+call {
		t.Errorf("%q", asked)
	}
}
