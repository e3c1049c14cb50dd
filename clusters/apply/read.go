package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Get returns an object as the cluster has it.
func (c *Client) Get(ctx context.Context, o *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	r, err := c.resource(o.GroupVersionKind(), o.GetNamespace())
	if err != nil {
		return nil, err
	}
	return r.Get(ctx, o.GetName(), metav1.GetOptions{})
}

// Serves tells whether the cluster has a kind.
func (c *Client) Serves(gvk schema.GroupVersionKind) (bool, error) {
	_, err := c.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	if meta.IsNoMatchError(err) {
		return false, nil
	}
	return err == nil, err
}

// List returns the objects of a kind that a label selector chooses, of all
// namespaces where namespace is empty; none where the cluster does not serve the kind.
func (c *Client) List(ctx context.Context, gvk schema.GroupVersionKind, namespace, selector string) ([]unstructured.Unstructured, error) {
	m, err := c.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	if meta.IsNoMatchError(err) {
		c.mapper.Reset()
		if m, err = c.mapper.RESTMapping(gvk.GroupKind(), gvk.Version); meta.IsNoMatchError(err) {
			return nil, nil
		}
	}
	if err != nil {
		return nil, err
	}
	list, err := c.dyn.Resource(m.Resource).Namespace(namespace).List(ctx, metav1.ListOptions{LabelSelector: selector})
	if err != nil {
		return nil, err
	}
	return list.Items, nil
}

// Prune removes the objects of a kind that carry the owner's label and that keep
// does not want, waits until they are gone, and returns how many there were.
func (c *Client) Prune(ctx context.Context, gvk schema.GroupVersionKind, owner string, keep func(*unstructured.Unstructured) bool) (int, error) {
	items, err := c.List(ctx, gvk, "", OwnerLabel+"="+owner)
	if err != nil {
		return 0, err
	}
	var gone []*unstructured.Unstructured
	for i := range items {
		if o := &items[i]; keep == nil || !keep(o) {
			gone = append(gone, o)
		}
	}
	return len(gone), c.Delete(ctx, gone)
}

// ErrNotOurs is wrapped where an object without our label was to be removed.
var ErrNotOurs = errors.New("it was not made by netfate and stays")

// removing is how long an object may take to go.
const removing = 2 * time.Minute

// Delete removes objects of ours, and waits until they are gone.
func (c *Client) Delete(ctx context.Context, objects []*unstructured.Unstructured) error {
	for _, o := range objects {
		if o.GetLabels()[OwnerLabel] == "" || o.GetKind() == "Namespace" && (o.GetName() == "default" || strings.HasPrefix(o.GetName(), "kube-")) {
			return fmt.Errorf("%s: %w", Title(o), ErrNotOurs)
		}
		r, err := c.resource(o.GroupVersionKind(), o.GetNamespace())
		if err != nil {
			return err
		}
		now := int64(0)
		opts := metav1.DeleteOptions{}
		if o.GetKind() == "Pod" {
			opts.GracePeriodSeconds = &now
		}
		if err := r.Delete(ctx, o.GetName(), opts); err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("cannot remove %s: %w", Title(o), err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, removing)
	defer cancel()
	for _, o := range objects {
		if err := c.gone(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) gone(ctx context.Context, o *unstructured.Unstructured) error {
	for {
		have, err := c.Get(ctx, o)
		if apierrors.IsNotFound(err) || err == nil && o.GetUID() != "" && have.GetUID() != o.GetUID() {
			return nil
		}
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return fmt.Errorf("%s does not go: %w", Title(o), err)
		}
	}
}
