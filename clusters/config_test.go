package clusters

import (
	"encoding/base64"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// nowhere makes sure that no configuration of this machine is found.
func nowhere(t *testing.T) (home string) {
	t.Helper()
	home = t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("KUBECONFIG", "")
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	t.Setenv("KUBERNETES_SERVICE_PORT", "")
	return home
}

func TestNoKubeconfig(t *testing.T) {
	home := nowhere(t)
	has(t, failure(t, Options{}), "no kubeconfig with a context", filepath.Join(home, ".kube", "config"), "--kubeconfig", "-f")
	has(t, failure(t, Options{Context: InCluster}), "not in a cluster", "kubeconfig")
	has(t, failure(t, Options{Kubeconfig: "missing"}), "kubeconfig missing does not exist", "--kubeconfig")
	t.Setenv("KUBECONFIG", "a"+string(filepath.ListSeparator)+"b")
	has(t, failure(t, Options{}), "looked in a, b as $KUBECONFIG says")
}

func TestKubeconfigPlaces(t *testing.T) {
	home := nowhere(t)
	file := withPods(t, 1).start(t).Kubeconfig
	for name, o := range map[string]Options{
		"flag": {Kubeconfig: file}, "context": {Kubeconfig: file, Context: "prod"},
	} {
		if s := collected(t, o); len(s.Objects) != 1 {
			t.Errorf("%s: %s", name, describe(s))
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(home, ".kube"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, ".kube", "config"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	collected(t, Options{Context: "prod"})
	t.Setenv("KUBECONFIG", "missing"+string(filepath.ListSeparator)+file)
	collected(t, Options{})
}

func TestContexts(t *testing.T) {
	nowhere(t)
	file := kubeconfig(t, "http://127.0.0.1:1", "x")
	has(t, failure(t, Options{Kubeconfig: file, Context: "staging"}), `no context "staging" in `+file, "known: lab, prod")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, instead, want string }{
		"no current":  {"current-context: lab", "", "no current context: choose one with --context (lab, prod)"},
		"no cluster":  {"cluster: c,", "cluster: nix,", `context "lab" of the kubeconfig cannot be used`},
		"no contexts": {string(text), "apiVersion: v1\nkind: Config\n", "names no context"},
		"broken":      {"clusters: [", "clusters: {", "cannot read the kubeconfig: "},
	} {
		t.Run(name, func(t *testing.T) {
			other := filepath.Join(t.TempDir(), "config")
			if err := os.WriteFile(other, []byte(strings.ReplaceAll(string(text), c.old, c.instead)), 0o600); err != nil {
				t.Fatal(err)
			}
			has(t, failure(t, Options{Kubeconfig: other}), c.want)
		})
	}
}

// startTLS serves the API with TLS, without which client-go sends no credentials.
func (f *fakeAPI) startTLS(t *testing.T) (s *httptest.Server, o Options) {
	t.Helper()
	s = httptest.NewUnstartedServer(f)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	file := kubeconfig(t, s.URL, "secret")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	trusting := strings.Replace(string(text), "{server:", "{certificate-authority-data: "+base64.StdEncoding.EncodeToString(ca)+", server:", 1)
	if err := os.WriteFile(file, []byte(trusting), 0o600); err != nil {
		t.Fatal(err)
	}
	return s, Options{Kubeconfig: file}
}

func TestUnauthorized(t *testing.T) {
	f := withPods(t, 1)
	f.token = "another"
	_, o := f.startTLS(t)
	has(t, failure(t, o), "cluster https://127.0.0.1:", "refused the credentials (401 Unauthorized)", "log in again")
	f.token = "secret"
	if s := collected(t, o); len(s.Objects) != 1 {
		t.Error(describe(s))
	}
}

func TestUnreachable(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	has(t, failure(t, Options{Kubeconfig: kubeconfig(t, s.URL, "x")}),
		"cluster "+s.URL+" cannot be reached", "connection refused, after ", "is the cluster running")
	has(t, failure(t, Options{Kubeconfig: kubeconfig(t, "http://netfate.invalid", "x")}),
		"cluster http://netfate.invalid cannot be reached", "check the server's name")
}

func TestSilentServer(t *testing.T) {
	for name, path := range map[string]string{"at first": "/apis", "later": podsPath} {
		t.Run(name, func(t *testing.T) {
			f := newFakeAPI()
			leave := make(chan struct{})
			f.override[path] = func(http.ResponseWriter, *http.Request) { <-leave }
			o := f.start(t)
			t.Cleanup(func() { close(leave) })
			o.Timeout = 100 * time.Millisecond
			has(t, failure(t, o), "did not answer within 100ms", "VPN, proxy, firewall", "cluster http://127.0.0.1:")
		})
	}
}

func TestBrokenConnection(t *testing.T) {
	f := newFakeAPI()
	f.override[podsPath] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte(`{"kind":"PodList","items":[`))
	}
	has(t, failure(t, f.start(t)), "cannot be reached: unexpected EOF")
}

func TestTLS(t *testing.T) {
	s, _ := newFakeAPI().startTLS(t)
	has(t, failure(t, Options{Kubeconfig: kubeconfig(t, s.URL, "x")}), "cannot be trusted", "unknown authority", "certificate-authority-data")
	plain := httptest.NewServer(newFakeAPI())
	t.Cleanup(plain.Close)
	has(t, failure(t, Options{Kubeconfig: kubeconfig(t, strings.Replace(plain.URL, "http:", "https:", 1), "x")}), "does not speak TLS")
}

func TestNotKubernetes(t *testing.T) {
	f := newFakeAPI()
	for _, text := range []string{"<html>", "{}", "[]", `{"kind":"x"}`} {
		f.override["/apis"] = answerWith(text)
		has(t, failure(t, f.start(t)), "does not answer as a Kubernetes API server does")
	}
	s := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(s.Close)
	has(t, failure(t, Options{Kubeconfig: kubeconfig(t, s.URL, "x")}), "does not answer as a Kubernetes API server does")
}

// TestCredentialCommand holds that a failing credential command is named.
func TestCredentialCommand(t *testing.T) {
	file := kubeconfig(t, "https://127.0.0.1:1", "x")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	exec := `user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-command, interactiveMode: Never}}`
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), `user: {token: "x"}`, exec, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	has(t, failure(t, Options{Kubeconfig: file}), "no-such-command", "credential command")
}
