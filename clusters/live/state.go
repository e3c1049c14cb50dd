package live

import (
	"context"
	"encoding/json"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/clusters/observation"
)

// State is what a cluster of ours is. It is kept in the cluster, in the ConfigMap
// kube-system/netfate-cluster.
type State struct {
	observation.Facts
	Profile string `json:"profile,omitempty"` // of the network, as --network takes it
	Lab     string `json:"lab,omitempty"`     // directory of the offline lab that it was made from
	Created string `json:"created"`           // when, RFC 3339
	// ProbeImage is the name of the probe agent's image that nodes have or pull, "" for netfate's own.
	ProbeImage string `json:"probeImage,omitempty"`
}

// Owner labels what belongs to the cluster itself.
const Owner = "cluster"

const stateKey = "state.json"

func stateObject() *unstructured.Unstructured {
	o := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "ConfigMap"}}
	o.SetNamespace("kube-system")
	o.SetName("netfate-cluster")
	return o
}

// ReadState returns what a cluster remembers; false where it is none of ours, or is half made.
func ReadState(ctx context.Context, c *apply.Client) (State, bool, error) {
	o, err := c.Get(ctx, stateObject())
	if apierrors.IsNotFound(err) {
		return State{}, false, nil
	}
	if err != nil {
		return State{}, false, err
	}
	var s State
	text, _, err := unstructured.NestedString(o.Object, "data", stateKey)
	if err == nil {
		err = json.Unmarshal([]byte(text), &s)
	}
	if err != nil {
		return State{}, false, fmt.Errorf("ConfigMap kube-system/netfate-cluster: %w", err)
	}
	return s, true, nil
}

// write keeps the state in the cluster.
func (s *State) write(ctx context.Context, c *apply.Client) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	o := stateObject()
	if err := unstructured.SetNestedField(o.Object, string(text), "data", stateKey); err != nil {
		return err
	}
	_, err = c.Apply(ctx, Owner, []*unstructured.Unstructured{o})
	return err
}
