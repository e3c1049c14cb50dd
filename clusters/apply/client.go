package apply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

const (
	// Manager is the field manager of what is applied.
	Manager = "netfate"
	// OwnerLabel is on all that is applied; its value says for what.
	OwnerLabel = "netfate.dev/owner"
)

// Client applies objects to one cluster. It is safe for concurrent use.
type Client struct {
	dyn    dynamic.Interface
	mapper meta.ResettableRESTMapper
	// Version asks what the cluster is.
	disco discovery.DiscoveryInterface
}

// New prepares a client; nothing is sent.
func New(config *rest.Config) (*Client, error) {
	c := rest.CopyConfig(config)
	c.QPS, c.Burst = 200, 400 // many small objects, one cluster, ours
	c.UserAgent = "netfate"
	c.WarningHandler = rest.NoWarnings{}
	dyn, err := dynamic.NewForConfig(c)
	if err != nil {
		return nil, err
	}
	disco, err := discovery.NewDiscoveryClientForConfig(c)
	if err != nil {
		return nil, err
	}
	return &Client{dyn: dyn, disco: disco, mapper: restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(disco))}, nil
}

// ServerVersion returns the version of Kubernetes, such as "v1.34.4".
func (c *Client) ServerVersion() (string, error) {
	v, err := c.disco.ServerVersion()
	if err != nil {
		return "", fmt.Errorf("the cluster does not answer: %w", err)
	}
	return v.GitVersion, nil
}

// resource returns where the objects of a kind live. The error says that the
// cluster does not serve the kind.
func (c *Client) resource(gvk schema.GroupVersionKind, namespace string) (dynamic.ResourceInterface, error) {
	m, err := c.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	if meta.IsNoMatchError(err) {
		c.mapper.Reset() // a definition may be new
		m, err = c.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	}
	if meta.IsNoMatchError(err) {
		return nil, fmt.Errorf("the cluster does not serve %s of %s: install its CustomResourceDefinition first: %w", gvk.Kind, gvk.GroupVersion(), err)
	}
	if err != nil {
		return nil, err
	}
	r := c.dyn.Resource(m.Resource)
	if m.Scope.Name() == meta.RESTScopeNameNamespace {
		if namespace == "" {
			namespace = "default"
		}
		return r.Namespace(namespace), nil
	}
	return r, nil
}

// Apply makes objects be there, in the order in which they need each other, and
// returns them as the cluster has them, in the order given. owner is the value of
// OwnerLabel. The error names the object; Refused tells whether it is the object's fault.
func (c *Client) Apply(ctx context.Context, owner string, objects []*unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
	out := make([]*unstructured.Unstructured, len(objects))
	order := make([]int, len(objects))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return rank(objects[a]) - rank(objects[b]) })
	for k, i := range order {
		if k > 0 && rank(objects[order[k-1]]) <= rankDefinitions && rank(objects[i]) > rankDefinitions {
			if err := c.established(ctx, objects); err != nil {
				return nil, err
			}
		}
		var err error
		if out[i], err = c.one(ctx, owner, objects[i]); err != nil {
			return nil, err
		}
	}
	return out, c.established(ctx, objects)
}

// one applies an object. While the cluster starts, an answer that passes is waited for.
func (c *Client) one(ctx context.Context, owner string, o *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	o = Clean(o)
	labels := o.GetLabels()
	if labels == nil {
		labels = map[string]string{}
	}
	labels[OwnerLabel] = owner
	o.SetLabels(labels)
	data, err := json.Marshal(o.Object)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Title(o), err)
	}
	force := true
	var last error
	for attempt := range 6 {
		if attempt > 0 {
			if err := sleep(ctx, time.Duration(attempt)*500*time.Millisecond); err != nil {
				return nil, err
			}
		}
		r, err := c.resource(o.GroupVersionKind(), o.GetNamespace())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", Title(o), err)
		}
		have, err := r.Patch(ctx, o.GetName(), types.ApplyPatchType, data, metav1.PatchOptions{FieldManager: Manager, Force: &force})
		if err == nil {
			return have, nil
		}
		if last = err; Refused(err) || !passing(err) {
			break
		}
	}
	return nil, fmt.Errorf("cannot apply %s: %w", Title(o), last)
}

// passing tells whether an error may be gone the next time.
func passing(err error) bool {
	return apierrors.IsInternalError(err) || apierrors.IsServerTimeout(err) || apierrors.IsTooManyRequests(err) || apierrors.IsServiceUnavailable(err) ||
		apierrors.IsTimeout(err) || apierrors.IsConflict(err) || apierrors.IsForbidden(err) && (strings.Contains(err.Error(), "being terminated") || strings.Contains(err.Error(), "error looking up service account"))
}

// Refused tells whether an error is the API server's verdict on an object: it is
// invalid, or an admission check denies it. A lack of permission is not.
func Refused(err error) bool {
	var s apierrors.APIStatus
	if !errors.As(err, &s) {
		return false
	}
	return apierrors.IsInvalid(err) || apierrors.IsBadRequest(err) || strings.Contains(err.Error(), "field not declared in schema") ||
		apierrors.IsForbidden(err) && strings.Contains(err.Error(), "denied the request")
}

// Forbidden tells whether an error is a lack of permission.
func Forbidden(err error) bool { return apierrors.IsForbidden(err) && !Refused(err) }

// Title names an object: "NetworkPolicy shop/cart".
func Title(o *unstructured.Unstructured) string {
	name := o.GetName()
	if ns := o.GetNamespace(); ns != "" {
		name = ns + "/" + name
	}
	return o.GetKind() + " " + name
}

// Clean returns a copy without what the API server keeps for itself.
func Clean(o *unstructured.Unstructured) *unstructured.Unstructured {
	o = o.DeepCopy()
	unstructured.RemoveNestedField(o.Object, "status")
	for _, f := range []string{"resourceVersion", "uid", "generation", "creationTimestamp", "managedFields", "selfLink", "deletionTimestamp", "ownerReferences"} {
		unstructured.RemoveNestedField(o.Object, "metadata", f)
	}
	return o
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
