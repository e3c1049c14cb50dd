package gatewayconformance

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// apiServer serves the few requests that the suite sends past its client: lists
// for the metadata of generated objects, logs of echo servers, and commands run in
// pods, which is how requests inside the mesh are made.
type apiServer struct {
	cluster *Cluster
	http    *httptest.Server
}

// newAPIServer serves a cluster at a port of this machine, until it is closed.
func newAPIServer(c *Cluster) *apiServer {
	s := &apiServer{cluster: c}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/namespaces/{namespace}/{resource}", s.list)
	mux.HandleFunc("GET /api/v1/namespaces/{namespace}/pods/{pod}/log", s.log)
	mux.HandleFunc("POST /api/v1/namespaces/{namespace}/pods/{pod}/exec", s.exec)
	s.http = httptest.NewServer(mux)
	return s
}

func (s *apiServer) close() { s.http.Close() }

// config is how the server is reached.
func (s *apiServer) config() *rest.Config { return &rest.Config{Host: s.http.URL} }

func (s *apiServer) clientset() (kubernetes.Interface, error) {
	return kubernetes.NewForConfig(s.config())
}

func (s *apiServer) list(w http.ResponseWriter, r *http.Request) {
	var list client.ObjectList
	kind := ""
	switch r.PathValue("resource") {
	case "pods":
		list, kind = &corev1.PodList{}, "PodList"
	case "services":
		list, kind = &corev1.ServiceList{}, "ServiceList"
	case "serviceaccounts":
		list, kind = &corev1.ServiceAccountList{}, "ServiceAccountList"
	default:
		fail(w, apierrors.NewNotFound(corev1.Resource(r.PathValue("resource")), ""))
		return
	}
	selector, err := labels.Parse(r.URL.Query().Get("labelSelector"))
	if err != nil {
		fail(w, apierrors.NewBadRequest(err.Error()))
		return
	}
	err = s.cluster.store.List(r.Context(), list, client.InNamespace(r.PathValue("namespace")), client.MatchingLabelsSelector{Selector: selector})
	if err != nil {
		fail(w, apierrors.NewInternalError(err))
		return
	}
	list.GetObjectKind().SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind(kind))
	answerJSON(w, http.StatusOK, list)
}

func (s *apiServer) log(w http.ResponseWriter, r *http.Request) {
	s.cluster.mu.Lock()
	lines := s.cluster.echoed[types.NamespacedName{Namespace: r.PathValue("namespace"), Name: r.PathValue("pod")}]
	text := strings.Join(lines, "\n")
	s.cluster.mu.Unlock()
	w.Header().Set("Content-Type", "text/plain")
	fmt.Fprintln(w, text)
}

func (s *apiServer) exec(w http.ResponseWriter, r *http.Request) {
	from := types.NamespacedName{Namespace: r.PathValue("namespace"), Name: r.PathValue("pod")}
	out, err := s.cluster.command(context.Background(), from, r.URL.Query()["command"])
	if err := streamResult(w, r, out, err); err != nil {
		fail(w, apierrors.NewInternalError(err))
	}
}

func fail(w http.ResponseWriter, err *apierrors.StatusError) {
	status := err.Status()
	status.TypeMeta = metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}
	answerJSON(w, int(status.Code), status)
}

func answerJSON(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		return // the client is gone
	}
}
