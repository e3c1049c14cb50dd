package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-logr/logr"
	"github.com/spf13/cobra"
	"k8s.io/klog/v2"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/live"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/provider/kubeconfig"
	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/source"
	"github.com/netfate/netfate/cmd/netfate/version"
	"github.com/netfate/netfate/sim/model"
)

const attachLong = `Put the probe agent into pods of an existing cluster, as ephemeral containers, try the
connections between those pods as they stand, and compare with what the cluster's own
objects predict. Nothing is applied and no policy is touched.

One pod of each workload in the namespaces that -n names is taken. The agents serve the
ports of --port; ports that a pod's own containers have stay theirs, and of them only
silence is conclusive: an application's answer is not an agent's. There are no controls
without policies, so a failure is as strong as the agent's word that it served all the
time.

The API cannot take an ephemeral container out of a pod: at the end the agents' processes
are ended, and their entries stay in the pods until these are deleted. An agent that is
cut off ends by itself after an hour.

Exit status: 0 as predicted, 2 a prediction and an observation contradict each other, 1
it could not be run.`

const attachExamples = `  netfate live attach --context staging -n shop --probe-image registry.example/netfate-probe:1
  netfate live attach --context staging -n shop -n dev --port 8080 --port 53/udp --probe-image registry.example/netfate-probe:1 --out observed.jsonl`

type attachFlags struct {
	files      source.Flags
	output     cli.Choice
	namespaces []string
	ports      []string
	image      string
	out        string
	limit      int
	pods       int
	every      bool
	all        bool
	force      bool
}

func newAttachCommand(s *cli.Streams) *cobra.Command {
	f := &attachFlags{output: cli.NewChoice("text", "json", "markdown", "junit")}
	cmd := &cobra.Command{
		Use: "attach --context CONTEXT -n NAMESPACE --probe-image IMAGE [flags]", Short: "Observe pods that are there, by ephemeral containers",
		Long: attachLong, Example: attachExamples, Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	fs := cmd.Flags()
	fs.StringArrayVarP(&f.namespaces, "namespace", "n", nil, "take pods of `NAMESPACE`; repeatable")
	fs.StringArrayVar(&f.ports, "port", []string{"28080"}, "`PORT` that the agents serve, such as 8080 or 53/udp; repeatable")
	fs.StringVar(&f.image, "probe-image", "", "`IMAGE` with the probe agent at /netfate-probe, which the nodes can pull")
	fs.IntVar(&f.pods, "max-pods", 40, "give at most so many pods an agent")
	fs.BoolVar(&f.every, "every-pod", false, "take every pod, not one of each workload")
	fs.VarP(&f.output, "output", "o", "how to write it; json is one object a flow, one a line")
	fs.StringVar(&f.out, "out", "", "write the observations to `FILE`")
	fs.IntVar(&f.limit, "max", 5000, "try at most so many connections")
	fs.BoolVar(&f.all, "all", false, "list flows that are as predicted too, and inconclusive ones")
	fs.BoolVar(&f.force, "force", false, "replace the file of observations")
	fs.StringVar(&f.files.Context, "context", "", "observe the existing cluster of this kubeconfig `CONTEXT`")
	fs.StringVar(&f.files.Kubeconfig, "kubeconfig", "", "kubeconfig `FILE` of the existing cluster")
	fs.StringVar(&f.files.Network, "network", "", "`PROFILE` of the cluster's network (default: what the cluster shows)")
	return cmd
}

// check says what is missing: which cluster and which pods are touched is never a default.
func (f *attachFlags) check() error {
	switch {
	case f.files.Context == "" && f.files.Kubeconfig == "":
		return errors.New("say which cluster, with --context or --kubeconfig: agents are put into its pods")
	case len(f.namespaces) == 0:
		return errors.New("say whose pods are given an agent: -n NAMESPACE, repeatable")
	case f.image == "":
		return errors.New("say which image has the probe agent, with --probe-image: the nodes must be able to pull it (docs/probes.md says how to make one)")
	}
	return nil
}

func (f *attachFlags) run(ctx context.Context, s *cli.Streams) (err error) {
	klog.SetLogger(logr.Discard()) // client-go logs what the caller is told as an error
	if err := f.check(); err != nil {
		return err
	}
	tcp, udp, err := agentPorts(f.ports)
	if err != nil {
		return err
	}
	snap, err := f.files.Snapshot(ctx, s, "netfate live attach")
	if err != nil {
		return err
	}
	x, err := f.files.Compile(ctx, s, snap, f.files.Network)
	if err != nil {
		return err
	}
	bad := f.files.Report(s, x)
	config, err := (&kubeconfig.Provider{File: f.files.Kubeconfig}).Config(ctx, f.files.Context)
	if err != nil {
		return err
	}
	say := newSteps(s)
	began := time.Now().UTC()
	a, err := live.Attach(ctx, config, x.Model(), live.AttachOptions{Namespaces: f.namespaces, Every: f.every, Max: f.pods, TCP: tcp, UDP: udp, Image: f.image, Progress: say.say})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.detach(ctx, a, say)) }()
	flows, all := a.Flows(f.limit)
	say.sayf("%d of %d connections between %s", len(flows), all, strings.Join(a.Pods(), ", "))
	records, err := a.Observe(ctx, flows)
	if err != nil {
		return err
	}
	h := f.header(snap, x.Profile().Name, began)
	if err := save(ctx, f.out, f.force, h, records); err != nil {
		return err
	}
	return conclude(s, f.output, f.all, diff.Compare(x, h, records), bad)
}

// detach ends the agents also when the work was cut short.
func (f *attachFlags) detach(ctx context.Context, a *live.Attached, say *steps) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
	defer cancel()
	say.sayf("ending the agents; the entry of an ephemeral container stays in each pod until it is deleted")
	return a.Close(ctx)
}

// header says what was observed.
func (f *attachFlags) header(snap *model.Snapshot, network string, began time.Time) observation.Header {
	facts := observation.Facts{Network: network, NetworkVersion: snap.Facts.Version, Provider: "kubeconfig"}
	return observation.Header{Tool: "netfate " + version.Version(), Started: began, Cluster: facts, Note: "ephemeral containers, without controls"}
}

// agentPorts reads "8080" and "53/udp".
func agentPorts(list []string) (tcp, udp []uint16, err error) {
	for _, text := range list {
		number, protocol, _ := strings.Cut(strings.ToLower(text), "/")
		port, e := strconv.ParseUint(number, 10, 16)
		if e != nil || port == 0 || !slices.Contains([]string{"", "tcp", "udp"}, protocol) {
			return nil, nil, fmt.Errorf("--port %q: want a number, or one with /tcp or /udp, such as 8080 or 53/udp", text)
		}
		if protocol == "udp" {
			udp = append(udp, uint16(port))
		} else {
			tcp = append(tcp, uint16(port))
		}
	}
	return tcp, udp, nil
}
