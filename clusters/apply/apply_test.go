package apply_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/netfate/netfate/clusters/apply"
)

var pods = schema.GroupVersionKind{Version: "v1", Kind: "Pod"}

// TestOwnedOnly: what is applied is labelled, and Prune removes that and nothing else.
func TestOwnedOnly(t *testing.T) {
	s, c := start(t)
	s.objects["/api/v1/namespaces/shop/pods/theirs"] = object("Pod", "shop", "theirs", "").Object
	s.objects["/api/v1/namespaces/shop/pods/other"] = object("Pod", "shop", "other", "bench-b").Object
	list := []*unstructured.Unstructured{object("Pod", "shop", "a", ""), object("Pod", "shop", "b", ""), object("Namespace", "", "shop", "")}
	have, err := c.Apply(t.Context(), "bench-a", list)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range have {
		if o.GetLabels()[apply.OwnerLabel] != "bench-a" {
			t.Errorf("%s is not labelled", apply.Title(o))
		}
	}
	if list[0].GetLabels() != nil {
		t.Error("the caller's object was changed")
	}
	n, err := c.Prune(t.Context(), pods, "bench-a", func(o *unstructured.Unstructured) bool { return o.GetName() == "b" })
	if err != nil || n != 1 || len(s.removed) != 1 || s.removed[0] != "/api/v1/namespaces/shop/pods/a" {
		t.Errorf("removed %v, %d, %v: want pod a alone", s.removed, n, err)
	}
}

// TestNeverRemoved: objects without our label and the cluster's own namespaces stay, and nothing is even asked for.
func TestNeverRemoved(t *testing.T) {
	s, c := start(t)
	asked := 0
	s.fails = func(r *http.Request) (int, string) {
		if r.Method == http.MethodDelete {
			asked++
		}
		return 0, ""
	}
	for _, o := range []*unstructured.Unstructured{
		object("Pod", "shop", "theirs", ""), object("Namespace", "", "kube-system", "bench-a"), object("Namespace", "", "kube-public", "bench-a"),
		object("Namespace", "", "default", "bench-a"),
	} {
		if err := c.Delete(t.Context(), []*unstructured.Unstructured{o}); !errors.Is(err, apply.ErrNotOurs) || !strings.Contains(err.Error(), o.GetName()) {
			t.Errorf("%s: %v, want ErrNotOurs", apply.Title(o), err)
		}
	}
	if asked != 0 {
		t.Errorf("%d removals were asked for", asked)
	}
}

// TestRefusals: an object's fault is told from the cluster's, and what passes is waited for.
func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		code    int
		reason  string
		refused bool
	}{
		{http.StatusUnprocessableEntity, "Invalid", true}, {http.StatusBadRequest, "BadRequest", true}, {http.StatusForbidden, "Forbidden", false},
	} {
		s, c := start(t)
		s.fails = func(r *http.Request) (int, string) {
			if r.Method == http.MethodPatch {
				return tt.code, tt.reason
			}
			return 0, ""
		}
		_, err := c.Apply(t.Context(), "x", []*unstructured.Unstructured{object("Pod", "shop", "a", "")})
		if err == nil || apply.Refused(err) != tt.refused || !strings.Contains(err.Error(), "cannot apply Pod shop/a") {
			t.Errorf("%s: %v, refused %t", tt.reason, err, apply.Refused(err))
		}
	}
	s, c := start(t)
	left := 1
	s.fails = func(r *http.Request) (int, string) {
		if r.Method == http.MethodPatch && left > 0 {
			left--
			return http.StatusInternalServerError, "InternalError"
		}
		return 0, ""
	}
	if _, err := c.Apply(t.Context(), "x", []*unstructured.Unstructured{object("Pod", "shop", "a", "")}); err != nil {
		t.Errorf("an answer that passes: %v", err)
	}
}

// TestUnserved: a kind that the cluster does not have is an error that says so, and is listed as none.
func TestUnserved(t *testing.T) {
	_, c := start(t)
	o := object("Widget", "shop", "a", "")
	if _, err := c.Apply(t.Context(), "x", []*unstructured.Unstructured{o}); err == nil || !strings.Contains(err.Error(), "does not serve Widget of v1: install its CustomResourceDefinition") {
		t.Errorf("error %v", err)
	}
	if list, err := c.List(t.Context(), o.GroupVersionKind(), "", ""); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
}

// TestWait says what is not ready.
func TestWait(t *testing.T) {
	_, c := start(t)
	w := []apply.Workload{{Kind: "DaemonSet", Namespace: "kube-system", Name: "cni"}}
	err := c.Wait(t.Context(), 50*time.Millisecond, w, nil)
	if err == nil || !strings.Contains(err.Error(), "DaemonSet kube-system/cni is not ready after 50ms") {
		t.Errorf("error %v", err)
	}
}
