package proxyless

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/netfate/netfate/clusters/observation"
)

// Fixture is the cluster that cases run in.
type Fixture struct {
	docs []string
	ips  map[string]string // of pods by "namespace/name", once they run
}

type object = map[string]any

const (
	podIP      = "POD_IP"
	podIPField = "podIP"
	grpcPod    = "grpc-agent" // the template of Istio's injector that makes a pod proxyless
	tokenTTL   = int64(43200) // seconds, as Istio's own template has it
)

// ReadFixture reads the manifests of a cluster. The error names the document that is not YAML.
func ReadFixture(text string) (*Fixture, error) {
	f := &Fixture{ips: map[string]string{}}
	for i, doc := range strings.Split("\n"+text, "\n---\n") {
		var o object
		if err := yaml.Unmarshal([]byte(doc), &o); err != nil {
			return nil, fmt.Errorf("document %d: %w", i+1, err)
		}
		f.docs = append(f.docs, strings.TrimPrefix(doc, "\n"))
	}
	return f, nil
}

// start makes the workloads and waits until they are ready and have addresses.
func (f *Fixture) start(ctx context.Context, c *Cluster) error {
	var list, pods []*unstructured.Unstructured
	accounts := map[string]bool{}
	for _, doc := range f.docs {
		var o object
		if err := yaml.Unmarshal([]byte(doc), &o); err != nil {
			return err
		}
		u := &unstructured.Unstructured{Object: o}
		if o["kind"] == "Pod" {
			if a := account(o); a != nil && !accounts[key(a)] {
				accounts[key(a)] = true
				list = append(list, &unstructured.Unstructured{Object: a})
			}
			fill(o)
			pods = append(pods, u)
		}
		list = append(list, u)
	}
	if _, err := c.make(ctx, list); err != nil {
		return err
	}
	for _, pod := range pods {
		ip, err := c.address(ctx, pod)
		if err != nil {
			return err
		}
		f.ips[key(pod.Object)] = ip
	}
	return nil
}

// Manifests returns the cluster as it runs: with the addresses of its pods.
func (f *Fixture) Manifests() string {
	docs, comments := make([]string, len(f.docs)), regexp.MustCompile(`(?m)^#.*\n`)
	for i, doc := range f.docs {
		var o object
		if yaml.Unmarshal([]byte(doc), &o) == nil && o["kind"] == "Pod" {
			doc = strings.ReplaceAll(doc, podIP, f.ips[key(o)])
		}
		docs[i] = strings.TrimSuffix(comments.ReplaceAllString(doc, ""), "\n") + "\n"
	}
	return strings.Join(docs, "---\n")
}

func key(o object) string {
	meta, _ := o["metadata"].(object)
	return fmt.Sprintf("%v/%v", meta["namespace"], meta["name"])
}

// Translate gives a policy the addresses of the running pods: for IP_OF(namespace/name), and for the addresses
// that the pods had when the case was observed before, which its old manifests of the cluster tell.
func (f *Fixture) Translate(policy, before string) string {
	moved := map[string]string{}
	for _, doc := range strings.Split(before, "\n---\n") {
		var o object
		if yaml.Unmarshal([]byte(doc), &o) != nil || o["kind"] != "Pod" {
			continue
		}
		status, _ := o["status"].(object)
		if now := f.ips[key(o)]; now != "" {
			moved[fmt.Sprint(status[podIPField])] = now
		}
	}
	policy = regexp.MustCompile(`[0-9]+(\.[0-9]+){3}`).ReplaceAllStringFunc(policy, func(s string) string { return cmp.Or(moved[s], s) })
	placed := regexp.MustCompile(`IP_OF\(([^)]*)\)`)
	return placed.ReplaceAllStringFunc(policy, func(s string) string { return f.ips[placed.FindStringSubmatch(s)[1]] })
}

// meshed tells whether a pod is one of the mesh.
func (f *Fixture) meshed(pod string) bool {
	for _, o := range f.objects("Pod") {
		meta, _ := o["metadata"].(object)
		annotations, _ := meta["annotations"].(object)
		if key(o) == pod {
			return annotations["inject.istio.io/templates"] == grpcPod
		}
	}
	return false
}

// behind tells whether a pod is a party, or the one that the Service of a party selects by its label app.
func (f *Fixture) behind(p observation.Party, pod string) bool {
	if p.Kind != observation.KindService {
		return p.ID == pod
	}
	app := ""
	for _, o := range f.objects("Service") {
		spec, _ := o["spec"].(object)
		selector, _ := spec["selector"].(object)
		if key(o) == p.ID {
			app = fmt.Sprint(selector["app"])
		}
	}
	for _, o := range f.objects("Pod") {
		meta, _ := o["metadata"].(object)
		labels, _ := meta["labels"].(object)
		if key(o) == pod {
			return labels["app"] == app
		}
	}
	return false
}

func (f *Fixture) objects(kind string) []object {
	var out []object
	for _, doc := range f.docs {
		var o object
		if yaml.Unmarshal([]byte(doc), &o) == nil && o["kind"] == kind {
			out = append(out, o)
		}
	}
	return out
}
