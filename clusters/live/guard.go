package live

import (
	"context"
	"errors"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/netfate/netfate/clusters/apply"
)

// ErrTaken is wrapped where an object is in the cluster already and is not the bench's:
// it would be changed, and removed at the end.
var ErrTaken = errors.New("it is there already, and would be changed and then removed")

// guard refuses objects that are there and are not the bench's. In a namespace that is
// the bench's, or is to be, everything is.
func (b *Bench) guard(ctx context.Context, objects []*unstructured.Unstructured) error {
	own := map[string]bool{}
	for _, o := range objects {
		if o.GetKind() == "Namespace" {
			own[o.GetName()] = true
		}
	}
	for _, o := range objects {
		if b.have[key(o)] != nil || own[o.GetNamespace()] {
			continue
		}
		have, err := b.c.Get(ctx, o)
		switch {
		case apierrors.IsNotFound(err) || meta.IsNoMatchError(err): // applying it tells of a kind that is not served
		case err != nil:
			return fmt.Errorf("%s: %w", apply.Title(o), err)
		case have.GetLabels()[apply.OwnerLabel] != b.owner:
			return fmt.Errorf("%s: %w: %s", apply.Title(o), ErrTaken, whose(have))
		}
	}
	return nil
}

// whose says what made an object, and what to do.
func whose(o *unstructured.Unstructured) string {
	name, ours := strings.CutPrefix(o.GetLabels()[apply.OwnerLabel], benchOwner)
	if !ours {
		return "netfate did not make it; observe in a cluster that does not have it"
	}
	return fmt.Sprintf("netfate live %s made it; if that is not at work, netfate live clean removes what it left", name)
}
