// Package source holds the flags that say what a command reads, the same for
// every command, and turns them into snapshots and simulators. What is wrong with
// the input is told on standard error.
package source

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
)

// Flags are the flags of every command that reads sources.
type Flags struct {
	// Single says that the command asks about single connections, which a mesh takes part in.
	Single      bool
	Files       []string
	Values, Set []string
	Network     string
	Lenient     bool
	PodCIDRs    []string
	Mesh        string
	PodIPs      map[string][]netip.Addr // of pods that stand for a template's, as they were seen
	GatewayPods []string                // "namespace/gateway=namespace/label=value,..."
	Context     string
	Kubeconfig  string
	Remote      []string
	AllProblems bool
}

// names are those of the flags, in the order of the help.
func names() []string {
	return []string{"file", "values", "set", "network", "mesh", "gateway-pods", "lenient", "pod-cidr", "context", "kubeconfig", "remote-cluster", "all-problems"}
}

// Register adds the flags to a command.
func (f *Flags) Register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringArrayVarP(&f.Files, "file", "f", nil, "read `SOURCE`: directory, file, glob, archive, kustomization, chart, snapshot, \"-\",\nor any of these at a git ref as REF:PATH; repeatable")
	fs.StringArrayVar(&f.Values, "values", nil, "Helm values `FILE` for charts; repeatable")
	fs.StringArrayVar(&f.Set, "set", nil, "Helm `KEY=VALUE` for charts; repeatable")
	if fs.Lookup("network") == nil { // compare takes several
		fs.StringVar(&f.Network, "network", "", "`PROFILE` of the implementation: "+strings.Join(sim.Networks(), ", ")+"\n(default: the snapshot's own, or "+sim.DefaultNetwork+")")
	}
	fs.BoolVar(&f.Lenient, "lenient", false, "unknown fields are warnings, not errors")
	fs.StringSliceVar(&f.PodCIDRs, "pod-cidr", nil, "`CIDR` of pods whose address is not in the sources; repeatable")
	fs.StringVar(&f.Mesh, "mesh", "", "`PROFILE` of the mesh: "+strings.Join(sim.Meshes(), ", ")+", or "+sim.NoMesh+" for none\n(default: what the sources show)")
	fs.StringArrayVar(&f.GatewayPods, "gateway-pods", nil, "`NAMESPACE/GATEWAY=NAMESPACE/LABEL=VALUE,...`: the pods that carry a gateway's traffic,\nwhere their labels do not say; repeatable")
	fs.StringVar(&f.Context, "context", "", "read the live cluster of this kubeconfig `CONTEXT`")
	fs.StringVar(&f.Kubeconfig, "kubeconfig", "", "kubeconfig `FILE` of the live cluster")
	fs.StringArrayVar(&f.Remote, "remote-cluster", nil, "`NAME=SOURCE`: read a further cluster of the mesh; repeatable")
	fs.BoolVar(&f.AllProblems, "all-problems", false, "list every problem of the input, not the first ones only")
	cli.Group(fs, cli.GroupSources, names()...)
}

// live tells whether a live cluster is asked for.
func (f *Flags) live() bool { return f.Context != "" || f.Kubeconfig != "" }

// given tells whether there is anything to read.
func (f *Flags) given() bool { return f.live() || len(f.Files) > 0 || len(f.Remote) > 0 }

// CollectOptions returns how manifests are read that somebody else names.
func (f *Flags) CollectOptions(s *cli.Streams) (collect.Options, error) {
	if f.live() {
		return collect.Options{}, errors.New("specifications name manifests: collect the live cluster first, " +
			"as in \"netfate collect --context NAME -o cluster.tar.gz\", and give the snapshot with -f")
	}
	return f.collectOptions(s, nil)
}

// collectOptions returns what to collect of sources other than live clusters.
func (f *Flags) collectOptions(s *cli.Streams, files []string) (collect.Options, error) {
	o := collect.Options{Sources: files, Values: f.Values, Set: f.Set, Stdin: s.In}
	for _, r := range f.Remote {
		name, src, ok := strings.Cut(r, "=")
		if !ok || name == "" || src == "" {
			return o, fmt.Errorf("--remote-cluster %q: want NAME=SOURCE", r)
		}
		if o.Remote == nil {
			o.Remote = map[string][]string{}
		}
		o.Remote[name] = append(o.Remote[name], src)
	}
	return o, nil
}

// SimOptions returns the assumptions that the snapshot is read under.
func (f *Flags) SimOptions(network string) (sim.Options, error) {
	o := sim.Options{Network: network, Lenient: f.Lenient, PodCIDRs: f.PodCIDRs, PodIPs: f.PodIPs, Mesh: f.Mesh}
	for _, text := range f.GatewayPods {
		gateway, pods, ok := strings.Cut(text, "=")
		if !ok || !strings.Contains(gateway, "/") {
			return o, fmt.Errorf("--gateway-pods %q: want NAMESPACE/GATEWAY=NAMESPACE/LABEL=VALUE", text)
		}
		if o.GatewayPods == nil {
			o.GatewayPods = map[string]string{}
		}
		o.GatewayPods[gateway] = pods
	}
	return o, nil
}
