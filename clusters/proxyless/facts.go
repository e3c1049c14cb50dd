package proxyless

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/netfate/netfate/clusters/observation"
)

// Versions of what the lab's module builds (clusters/lab/istio/go.mod).
const (
	istioVersion = "1.31"
	istioModule  = "v0.0.0-20260827124520-eed52ebb66ad"
	grpcVersion  = "v1.82.1"
)

// FactsOf describes the cluster that kubectl points at.
func FactsOf(ctx context.Context) (observation.Facts, error) {
	text, err := kubectl(ctx, "", "version", "-o", "json")
	if err != nil {
		return observation.Facts{}, err
	}
	var v struct {
		Server struct {
			Git string `json:"gitVersion"`
		} `json:"serverVersion"`
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return observation.Facts{}, fmt.Errorf("kubectl version: %w", err)
	}
	return observation.Facts{Kubernetes: v.Server.Git, Network: "netd", Mesh: "istio-proxyless", MeshVersion: istioVersion, Provider: "kind",
		Flags: map[string]string{"istiod": istioModule, "grpc-go": grpcVersion}}, nil
}

// Controlled says of a record what the two controls, by the text of flows, showed of its flow.
func Controlled(r *observation.Record, before, after map[string]bool) string {
	switch {
	case !before[textOf(r)]:
		return observation.ControlFailedBefore
	case !after[textOf(r)]:
		return observation.ControlFailedAfter
	}
	return observation.ControlOK
}
