package control

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
)

// EphemeralContainer is the name of the agent's container in a pod of somebody else.
const EphemeralContainer = "netfate-probe"

// Ephemeral puts agents into pods that are there, as ephemeral containers. It changes the pods of others, so it is
// for those who ask for it. It needs get of pods and patch of pods/ephemeralcontainers, beside what Exec needs.
//
// The API has no way to take an ephemeral container out of a pod: Detach ends its process, and its entry in the
// pod's specification stays until the pod is deleted. An agent that nobody detaches ends after Lifetime.
type Ephemeral struct {
	Exec     *Exec
	Image    string        // any image that has the agent at Binary
	Lifetime time.Duration // 1 h if zero
	Patience time.Duration // how long a container may take to start, 90 s if zero
	Every    time.Duration // between two looks at it, 500 ms if zero
}

func (e *Ephemeral) lifetime() time.Duration { return orElse(e.Lifetime, time.Hour) }

func orElse(d, other time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return other
}

// Attach makes an agent run in a pod and returns the pod as an end of flows: as a source, and as a destination on
// the TCP and UDP ports that the agent shall serve. Ports that a container of the pod has already stay that
// container's. A pod in which an agent runs already is taken as it is.
func (e *Ephemeral) Attach(ctx context.Context, namespace, pod string, tcp, udp []uint16) (Target, error) {
	have, err := e.get(ctx, namespace, pod)
	if err != nil {
		return Target{}, err
	}
	if have.Status.Phase != corev1.PodRunning || have.DeletionTimestamp != nil {
		return Target{}, fmt.Errorf("pod %s/%s is not running (%s)", namespace, pod, have.Status.Phase)
	}
	name, runs := e.name(have)
	if !runs {
		if err := e.patch(ctx, have, name, tcp, udp); err != nil {
			return Target{}, err
		}
	}
	if have, err = e.started(ctx, namespace, pod, name); err != nil {
		return Target{}, err
	}
	t := Target{ID: namespace + "/" + pod, Namespace: namespace, Pod: pod, Container: name, Agent: len(tcp)+len(udp) > 0}
	for _, ip := range have.Status.PodIPs {
		if a, err := netip.ParseAddr(ip.IP); err == nil {
			t.Addresses = append(t.Addresses, a)
		}
	}
	return t, nil
}

// name returns the container whose agent runs, or a name that the pod has not used: one that ended cannot be
// started again.
func (e *Ephemeral) name(p *corev1.Pod) (string, bool) {
	used := map[string]bool{}
	for _, s := range p.Status.EphemeralContainerStatuses {
		if s.State.Running != nil && len(s.Name) >= len(EphemeralContainer) && s.Name[:len(EphemeralContainer)] == EphemeralContainer {
			return s.Name, true
		}
	}
	for _, c := range p.Spec.EphemeralContainers {
		used[c.Name] = true
	}
	name := EphemeralContainer
	for n := 2; used[name]; n++ {
		name = fmt.Sprintf("%s-%d", EphemeralContainer, n)
	}
	return name, false
}

// container is what a namespace of the Pod Security Standard "restricted" takes.
func (e *Ephemeral) container(p *corev1.Pod, name string, tcp, udp []uint16) map[string]any {
	args := []string{"serve", "--keep-going", "--for=" + e.lifetime().String(), "--stop-socket=" + name}
	for flag, ports := range map[string][]uint16{"--tcp": tcp, "--udp": udp} {
		for _, port := range ports {
			args = append(args, fmt.Sprintf("%s=%d", flag, port))
		}
	}
	return map[string]any{
		"name": name, "image": e.Image, "imagePullPolicy": "IfNotPresent", "command": []string{e.Exec.command[0]}, "args": args,
		"env": []any{map[string]any{"name": "NETFATE_ID", "value": p.Namespace + "/" + p.Name}, map[string]any{"name": "NODE_NAME", "value": p.Spec.NodeName}},
		"securityContext": map[string]any{
			"runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532, "allowPrivilegeEscalation": false,
			"capabilities": map[string]any{"drop": []string{"ALL"}}, "seccompProfile": map[string]any{"type": "RuntimeDefault"},
		},
	}
}

func (e *Ephemeral) patch(ctx context.Context, p *corev1.Pod, name string, tcp, udp []uint16) error {
	body, err := json.Marshal(map[string]any{
		"metadata": map[string]any{"uid": p.UID}, // not another pod of this name
		"spec":     map[string]any{"ephemeralContainers": []any{e.container(p, name, tcp, udp)}},
	})
	if err != nil {
		return err
	}
	err = e.Exec.client.Patch(types.StrategicMergePatchType).AbsPath("/api/v1/namespaces", p.Namespace, "pods", p.Name, "ephemeralcontainers").
		SetHeader("Accept", "application/json").Body(body).Do(ctx).Error()
	switch {
	case apierrors.IsForbidden(err):
		return fmt.Errorf("no permission to put an ephemeral container into pod %s/%s: a Role there needs the verb patch on pods/ephemeralcontainers, and admission must take the container: %w", p.Namespace, p.Name, err)
	case err != nil:
		return fmt.Errorf("cannot put an ephemeral container into pod %s/%s: %w", p.Namespace, p.Name, err)
	}
	return nil
}

func (e *Ephemeral) get(ctx context.Context, namespace, pod string) (*corev1.Pod, error) {
	data, err := e.Exec.client.Get().AbsPath("/api/v1/namespaces", namespace, "pods", pod).SetHeader("Accept", "application/json").Do(ctx).Raw()
	if err != nil {
		return nil, fmt.Errorf("cannot read pod %s/%s: %w", namespace, pod, err)
	}
	p := &corev1.Pod{}
	if err := json.Unmarshal(data, p); err != nil {
		return nil, fmt.Errorf("cannot read pod %s/%s: %w", namespace, pod, err)
	}
	return p, nil
}

// started waits until the agent's container runs.
func (e *Ephemeral) started(ctx context.Context, namespace, pod, name string) (*corev1.Pod, error) {
	ctx, cancel := context.WithTimeout(ctx, orElse(e.Patience, 90*time.Second))
	defer cancel()
	state := "not there yet"
	for {
		p, err := e.get(ctx, namespace, pod)
		if ctx.Err() != nil {
			return nil, fmt.Errorf("the agent in pod %s/%s did not start in time (%s)", namespace, pod, state)
		}
		if err != nil {
			return nil, err
		}
		for _, s := range p.Status.EphemeralContainerStatuses {
			if s.Name != name {
				continue
			}
			switch {
			case s.State.Running != nil:
				return p, nil
			case s.State.Terminated != nil:
				return nil, fmt.Errorf("the agent in pod %s/%s ended with status %d: %s %s", namespace, pod, s.State.Terminated.ExitCode, s.State.Terminated.Reason, s.State.Terminated.Message)
			case s.State.Waiting != nil:
				state = s.State.Waiting.Reason + " " + s.State.Waiting.Message
			}
		}
		sleep(ctx, orElse(e.Every, 500*time.Millisecond))
	}
}

// Detach ends the agent in a pod. The error says why it may still run; it ends by itself after Lifetime.
func (e *Ephemeral) Detach(ctx context.Context, t Target) error {
	var out bytes.Buffer
	stop := &Exec{config: e.Exec.config, client: e.Exec.client, command: []string{e.Exec.command[0], "stop", t.Container}}
	if err := stop.Session(ctx, t.Namespace, t.Pod, t.Container, bytes.NewReader(nil), io.Writer(&out)); err != nil {
		return fmt.Errorf("cannot end the agent in pod %s/%s, which ends by itself in %s at most: %w", t.Namespace, t.Pod, e.lifetime(), err)
	}
	return nil
}
