package clusters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/netfate/netfate/sim/policyapi"
)

const (
	acceptJSON = "application/json"
	// acceptDiscovery asks for all groups with their resources in one answer (Kubernetes 1.26 and later);
	// older servers answer with the groups alone.
	acceptDiscovery = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList," +
		"application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList," + acceptJSON
)

// served is what a cluster serves, by group; nil when the cluster does not tell.
type served map[string][]servedVersion

// servedVersion is one version of a group, the preferred one first.
type servedVersion struct {
	version string
	kinds   map[string]string // kind by resource
	unknown bool              // the server does not know its resources at the moment
}

// discover asks which APIs the cluster serves. The core group is always there and not asked for.
func (c *connection) discover(ctx context.Context, kinds []policyapi.Kind) (served, error) {
	var doc discoveryDoc
	err := c.get(ctx, "/apis", acceptDiscovery, nil, decodeInto(&doc))
	var fatal *fatalError
	switch {
	case err == nil:
	case apierrors.IsForbidden(err): // then the lists will tell
		return nil, nil
	case errors.As(err, &fatal):
		return nil, err
	default:
		return nil, c.fatal("does not answer as a Kubernetes API server does: %w", err)
	}
	if doc.Items != nil {
		return doc.aggregated(), nil
	}
	if doc.Groups == nil {
		return nil, c.fatal("does not answer as a Kubernetes API server does: %s/apis lists no API groups", c.host)
	}
	return c.groupByGroup(ctx, &doc, kinds)
}

// discoveryDoc is the answer of /apis, in both of its forms.
type discoveryDoc struct {
	Items []struct { // APIGroupDiscoveryList
		Metadata struct{ Name string }
		Versions []struct {
			Version   string
			Freshness string
			Resources []struct {
				Resource     string
				ResponseKind struct{ Kind string }
			}
		}
	}
	Groups []struct { // APIGroupList
		Name     string
		Versions []struct{ Version string }
	}
}

func (d *discoveryDoc) aggregated() served {
	out := served{}
	for _, g := range d.Items {
		for _, v := range g.Versions {
			s := servedVersion{version: v.Version, kinds: map[string]string{}, unknown: v.Freshness == "Stale"}
			for _, r := range v.Resources {
				s.kinds[r.Resource] = r.ResponseKind.Kind
			}
			out[g.Metadata.Name] = append(out[g.Metadata.Name], s)
		}
	}
	return out
}

// groupByGroup asks an older server for the resources of each group that holds one of the kinds.
func (c *connection) groupByGroup(ctx context.Context, d *discoveryDoc, kinds []policyapi.Kind) (served, error) {
	out := served{}
	for _, g := range d.Groups {
		if !slices.ContainsFunc(kinds, func(k policyapi.Kind) bool { return k.Group == g.Name }) {
			continue
		}
		for _, v := range g.Versions {
			s, err := c.resources(ctx, g.Name, v.Version)
			if err != nil {
				return nil, err
			}
			out[g.Name] = append(out[g.Name], s)
		}
	}
	return out, nil
}

func (c *connection) resources(ctx context.Context, group, version string) (servedVersion, error) {
	var doc struct {
		Resources []struct{ Name, Kind string }
	}
	s := servedVersion{version: version, kinds: map[string]string{}}
	err := c.get(ctx, "/apis/"+group+"/"+version, acceptJSON, nil, decodeInto(&doc))
	var fatal *fatalError
	if errors.As(err, &fatal) {
		return s, err
	}
	s.unknown = err != nil // an extension server that is down; the lists will tell
	for _, r := range doc.Resources {
		s.kinds[r.Name] = r.Kind
	}
	return s, nil
}

// decodeInto returns a reader of one JSON document.
func decodeInto(into any) func(io.Reader) error {
	return func(r io.Reader) error {
		if err := json.NewDecoder(r).Decode(into); err != nil {
			return fmt.Errorf("its answer is not the JSON that was asked for: %w", err)
		}
		return nil
	}
}

// notFound tells whether the server says that there is no such API.
func notFound(err error) bool {
	var status apierrors.APIStatus
	return errors.As(err, &status) && status.Status().Code == http.StatusNotFound
}
