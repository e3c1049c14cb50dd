package control

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/rest"
)

// onePod is an API server with one pod that takes ephemeral containers.
type onePod struct {
	mu     sync.Mutex
	pod    corev1.Pod
	state  corev1.ContainerState // that a new container comes to
	status int                   // of a patch, if not 0
	asked  []string
}

func (f *onePod) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, r.Method+" "+r.URL.Path)
	if r.Method == http.MethodPatch && f.status != 0 {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(f.status)
		_, _ = io.WriteString(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403,"message":"no"}`)
		return
	}
	if r.Method == http.MethodPatch {
		var in corev1.Pod
		if json.NewDecoder(r.Body).Decode(&in) != nil || in.UID != f.pod.UID {
			http.Error(w, "not this pod", http.StatusConflict)
			return
		}
		f.pod.Spec.EphemeralContainers = append(f.pod.Spec.EphemeralContainers, in.Spec.EphemeralContainers...)
		f.pod.Status.EphemeralContainerStatuses = append(f.pod.Status.EphemeralContainerStatuses,
			corev1.ContainerStatus{Name: in.Spec.EphemeralContainers[0].Name, State: f.state})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(f.pod)
}

func newOnePod(t *testing.T) (*onePod, *Ephemeral) {
	f := &onePod{state: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}}
	f.pod.Name, f.pod.Namespace, f.pod.UID = "pay", "shop", "u1"
	f.pod.Status = corev1.PodStatus{Phase: corev1.PodRunning, PodIPs: []corev1.PodIP{{IP: "10.1.1.1"}}}
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	x, err := NewExec(&rest.Config{Host: srv.URL}, "")
	if err != nil {
		t.Fatal(err)
	}
	return f, &Ephemeral{Exec: x, Image: "i:1", Patience: time.Second, Every: 10 * time.Millisecond}
}

// TestAttach asserts what is put into a pod, that an agent that runs is used again, and that one that ended is not.
func TestAttach(t *testing.T) {
	f, e := newOnePod(t)
	for range 2 {
		got, err := e.Attach(t.Context(), "shop", "pay", []uint16{9999}, []uint16{9999})
		if err != nil || got.Container != EphemeralContainer || !got.Agent || got.Addresses[0].String() != "10.1.1.1" || got.ID != "shop/pay" {
			t.Fatalf("%+v %v", got, err)
		}
	}
	if n := len(f.pod.Spec.EphemeralContainers); n != 1 {
		t.Fatalf("%d containers", n)
	}
	c := f.pod.Spec.EphemeralContainers[0]
	args := strings.Join(c.Args, " ")
	if c.Image != "i:1" || c.Command[0] != Binary || !strings.Contains(args, "--for=1h") || !strings.Contains(args, "--tcp=9999") || !strings.Contains(args, "--udp=9999") ||
		!*c.SecurityContext.RunAsNonRoot || c.SecurityContext.Capabilities.Drop[0] != "ALL" {
		t.Errorf("%+v", c)
	}
	f.pod.Status.EphemeralContainerStatuses[0].State = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{}}
	if got, err := e.Attach(t.Context(), "shop", "pay", nil, nil); err != nil || got.Container != EphemeralContainer+"-2" || got.Agent {
		t.Errorf("%+v %v", got, err)
	}
}

func TestAttachErrors(t *testing.T) {
	for _, c := range []struct {
		name, want string
		change     func(*onePod)
	}{
		{"forbidden", "patch on pods/ephemeralcontainers", func(f *onePod) { f.status = http.StatusForbidden }},
		{"not running", "not running (Pending)", func(f *onePod) { f.pod.Status.Phase = corev1.PodPending }},
		{"no image", "did not start in time (ImagePullBackOff", func(f *onePod) {
			f.state = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ImagePullBackOff"}}
		}},
		{"no agent in it", "ended with status 127", func(f *onePod) {
			f.state = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 127}}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, e := newOnePod(t)
			c.change(f)
			if _, err := e.Attach(t.Context(), "shop", "pay", nil, nil); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestPermissions asserts that the page lists what Attach asks for.
func TestPermissions(t *testing.T) {
	f, e := newOnePod(t)
	if _, err := e.Attach(t.Context(), "shop", "pay", nil, nil); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/probes.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, asked := range f.asked {
		verb, path, _ := strings.Cut(asked, " ")
		resource := "pods"
		if strings.HasSuffix(path, "/ephemeralcontainers") {
			resource = "pods/ephemeralcontainers"
		}
		_, role, _ := strings.Cut(string(page), "netfate-ephemeral")
		_, rule, ok := strings.Cut(role, "resources: ["+resource+"]")
		rule, _, _ = strings.Cut(rule, "\n")
		if !ok || !strings.Contains(rule, strings.ToLower(verb)) {
			t.Errorf("%s is not in the page's role", asked)
		}
	}
}
