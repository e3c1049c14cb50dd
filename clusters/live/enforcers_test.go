package live

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

func object(t *testing.T, text string) unstructured.Unstructured {
	t.Helper()
	var o unstructured.Unstructured
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := o.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	return o
}

const agentSet = `{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: agent, namespace: kube-system, uid: set}, status: {desiredNumberScheduled: 1}}`

func agentPod(status, container string) string {
	return `{apiVersion: v1, kind: Pod, metadata: {name: agent-1, uid: pod, ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: agent, uid: set}]},
status: {conditions: [{type: Ready, status: "` + status + `"}], containerStatuses: [{name: main, containerID: ` + container + `}]}}`
}

// TestInstances asserts that a restart changes what is said of a DaemonSet, and that it is an error while a pod is
// missing, not ready or leaving.
func TestInstances(t *testing.T) {
	set := object(t, agentSet)
	said := func(pods ...unstructured.Unstructured) string {
		out, err := instances(&set, pods)
		if err != nil {
			return "error " + err.Error()
		}
		return strings.Join(out, "\n")
	}
	one, two := said(object(t, agentPod("True", "a"))), said(object(t, agentPod("True", "b")))
	if one == two || one != said(object(t, agentPod("True", "a"))) {
		t.Errorf("%q and, after a restart, %q", one, two)
	}
	leaving := object(t, strings.Replace(agentPod("True", "a"), "uid: pod", `uid: pod, deletionTimestamp: "2026-01-01T00:00:00Z"`, 1))
	other := object(t, strings.Replace(agentPod("True", "a"), "uid: set", "uid: other", 1))
	for name, got := range map[string]string{"not ready": said(object(t, agentPod("False", "a"))), "leaving": said(leaving), "missing": said(other), "none": said()} {
		if !strings.Contains(got, "0 of 1 pods are ready") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestOfNetwork asserts which DaemonSets may change a node's network.
func TestOfNetwork(t *testing.T) {
	for spec, want := range map[string]bool{
		`{hostNetwork: true}`: true,
		`{containers: [{name: a}, {name: b, securityContext: {privileged: true}}]}`:                 true,
		`{containers: [{name: a, securityContext: {capabilities: {add: [SYS_ADMIN, NET_ADMIN]}}}]}`: true,
		`{containers: [{name: a, securityContext: {capabilities: {add: [SYS_PTRACE]}}}]}`:           false,
		`{containers: [{name: a}]}`: false,
	} {
		set := object(t, `{apiVersion: apps/v1, kind: DaemonSet, spec: {template: {spec: `+spec+`}}}`)
		if got := ofNetwork(&set); got != want {
			t.Errorf("%s: %v", spec, got)
		}
	}
}
