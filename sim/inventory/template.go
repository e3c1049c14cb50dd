package inventory

import (
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// template reads a workload object: one endpoint stands for the equal pods that
// it creates, however many. With no replicas it may still be scaled up.
func (c *chunk) template(r *reader, rec *record) {
	rec.endpoint.Template = true
	path := "spec.template"
	template := r.o.Root.Get("spec").Get("template")
	if r.o.Kind == "CronJob" {
		path = "spec.jobTemplate.spec.template"
		template = r.o.Root.Get("spec").Get("jobTemplate").Get("spec").Get("template")
	}
	rec.finished = r.o.Kind == "Job" && jobEnded(r.o.Root.Get("status"))
	c.podMeta(r, rec, template.Get("metadata"), path+".metadata.labels")
	if r.o.Kind == "Job" && !isTrue(r.o.Root.Get("spec").Get("manualSelector")) {
		rec.labels = c.labels.id(jobLabels(c.labelBuf, rec.endpoint.Name))
	}
	c.podSpec(r, rec, template.Get("spec"), path+".spec")
}

// jobEnded tells whether a Job has completed or failed: it creates no more pods.
func jobEnded(status *manifest.Node) bool {
	conditions := items(status.Get("conditions"))
	return slices.ContainsFunc(conditions, func(c manifest.Node) bool {
		t := c.Get("type").Str()
		return (t == "Complete" || t == "Failed") && c.Get("status").Str() == "True"
	})
}

// jobLabels adds the labels with the Job's name that the API server puts on its
// template.
func jobLabels(labels []model.Label, name string) []model.Label {
	for _, key := range []string{"batch.kubernetes.io/job-name", "job-name"} {
		i, found := slices.BinarySearchFunc(labels, key, func(l model.Label, key string) int {
			return strings.Compare(l.Key, key)
		})
		if !found {
			labels = slices.Insert(labels, i, model.Label{Key: key, Value: name})
		}
	}
	return labels
}

// UnknownLabelKeys returns the labels that controllers add to the pods of
// templates with values that a template does not tell. A selector on such a key
// cannot be decided for an endpoint with Template set that has no such label.
func UnknownLabelKeys() []string {
	return []string{
		"apps.kubernetes.io/pod-index",             // StatefulSet
		"batch.kubernetes.io/controller-uid",       // Job
		"batch.kubernetes.io/job-completion-index", // Job, Indexed
		"batch.kubernetes.io/job-name",             // Job: known, CronJob: not
		"controller-revision-hash",                 // StatefulSet, DaemonSet
		"controller-uid",                           // Job
		"job-name",                                 // as batch.kubernetes.io/job-name
		"pod-template-generation",                  // DaemonSet
		"pod-template-hash",                        // Deployment
		"statefulset.kubernetes.io/pod-name",       // StatefulSet
	}
}
