package install

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/netfate/netfate/clusters/apply"
)

// Role is what an installer provides.
type Role string

// The roles.
const (
	Network     Role = "network"
	Mesh        Role = "mesh"
	Gateway     Role = "gateway"
	Definitions Role = "definitions" // CustomResourceDefinitions
)

// Needs says what a cluster must be like for what is installed.
type Needs struct {
	NoCNI       bool // the provider must not install a network of its own
	NoKubeProxy bool
	PodSubnet   string // CIDR; the provider's own when empty
	// GatewayAPI says that the definitions of the Gateway API come first.
	GatewayAPI bool
}

// Installer installs one thing.
type Installer interface {
	// Name is what --network, --mesh and --gateway take, such as "cilium".
	Name() string
	// Title is the name for people.
	Title() string
	Role() Role
	// Versions are those that are known, the default one first. Others can be
	// installed: the vendor's addresses follow the version.
	Versions() []string
	// Needs says what the cluster must be like.
	Needs() Needs
	// Install applies everything and returns what to wait for.
	Install(ctx context.Context, e *Env, version string) ([]apply.Workload, error)
	// Ready waits for it.
	Ready(ctx context.Context, e *Env, list []apply.Workload) error
	// Available says why a version cannot be had, from the offline lab or without it;
	// nil where it can, or where only the vendor's address can tell.
	Available(version string, lab bool) error
	// As says what an observation's header is to say of it: the version that runs, and
	// the settings that decide verdicts. The lab may build another version than was published.
	As(version string, lab bool) (string, map[string]string)
	// Profile is the profile of what it enforces, as --network of the other
	// commands takes it; "" where netfate has none.
	Profile() string
	// Proofs say what was run, where and when.
	Proofs() []Proof
}

// Env is where something is installed, and from where.
type Env struct {
	Cluster string // its name
	Client  *apply.Client
	Fetch   *Fetcher
	Values  []string // Helm values files of the user, for the charts
	Kube    string   // version of Kubernetes, such as "v1.34.4"
	// Lab, if set, is the directory of the offline lab, which sources and images
	// come from instead of the vendor's.
	Lab string
	// Load puts image archives on the nodes.
	Load     func(ctx context.Context, archives []string) error
	Timeout  time.Duration
	Progress func(string)
}

// Say tells the progress.
func (e *Env) Say(format string, args ...any) {
	if e.Progress != nil {
		e.Progress(fmt.Sprintf(format, args...))
	}
}

// Proof is one way in which an installer was tried.
type Proof struct {
	Version string
	What    Tried
	Date    string // YYYY-MM-DD, "" where it never ran
	Where   string // such as OfflineLab, "" where it never ran
	// Recorded is the directory of sim/testdata/observed that holds what was seen,
	// "" where it never ran.
	Recorded string
	Note     string // what exactly ran or did not, where that is not plain
}

// OfflineLab is where clusters ran that are made of what clusters/lab builds.
const OfflineLab = "kind v0.33.0, Kubernetes v1.34.4, offline lab"

// Tried says how far a proof goes.
type Tried string

// How far.
const (
	Ran   Tried = "run live"                       // it ran, and traffic was observed and recorded
	Never Tried = "never run, never rendered here" // its sources were never read by this installer
)

// Choice is an installer with the version that was asked for.
type Choice struct {
	Installer
	Version string
}

// String returns "cilium 1.20.2".
func (c Choice) String() string { return strings.TrimSpace(c.Name() + " " + c.Version) }

// Recipe is an installer made of data: most are one.
type Recipe struct {
	ID      string   // Name
	Called  string   // Title
	For     Role     // Role
	Known   []string // Versions
	Wants   Needs
	Sources func(version string) []Source
	// Sets are the settings of As.
	Sets   map[string]string
	Says   string // Profile
	Tested []Proof
	// Lab returns the sources and image archives of the offline lab; nil where the
	// lab does not have it.
	Lab func(lab, version string) (sources []Source, archives []string)
	// LabVersion is the version that the lab builds, where it is none of the vendor's;
	// it stands for the default version there. LabSets are settings beside Sets.
	LabVersion string
	LabSets    map[string]string
	// Prepare returns objects to apply first, and values for charts, such as certificates.
	Prepare func(now time.Time) (objects []*unstructured.Unstructured, values map[string]any, err error)
}

// Name returns the ID.
func (r *Recipe) Name() string { return r.ID }

// Title returns the name for people.
func (r *Recipe) Title() string { return r.Called }

// Role returns what it provides.
func (r *Recipe) Role() Role { return r.For }

// Versions returns the known ones.
func (r *Recipe) Versions() []string { return slices.Clone(r.Known) }

// Needs says what the cluster must be like.
func (r *Recipe) Needs() Needs { return r.Wants }

// Available says why a version cannot be had.
func (r *Recipe) Available(version string, lab bool) error {
	switch {
	case !lab && len(r.Sources(version)) == 0:
		return errors.New("it exists in the offline lab only: add --lab")
	case lab && r.Lab == nil:
		return errors.New("the offline lab does not have it: leave --lab out, and give its sources with --manifests DIR where there is no internet")
	case lab && r.LabVersion != "" && version != r.LabVersion && version != r.Known[0]:
		return fmt.Errorf("the offline lab has version %s alone", r.LabVersion)
	}
	return nil
}

// As returns the version and the settings.
func (r *Recipe) As(version string, lab bool) (string, map[string]string) {
	sets := maps.Clone(r.Sets)
	if !lab || r.LabVersion == "" {
		return version, sets
	}
	if sets == nil {
		sets = map[string]string{}
	}
	maps.Copy(sets, r.LabSets)
	return r.LabVersion, sets
}

// Profile returns the profile.
func (r *Recipe) Profile() string { return r.Says }

// Proofs returns what was tried.
func (r *Recipe) Proofs() []Proof { return r.Tested }

// Install fetches, renders and applies the sources.
func (r *Recipe) Install(ctx context.Context, e *Env, version string) ([]apply.Workload, error) {
	objects, err := r.Objects(ctx, e, version)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.ID, version, err)
	}
	e.Say("applying %d objects of %s %s", len(objects), r.ID, version)
	if _, err := e.Client.Apply(ctx, "install-"+r.ID, objects); err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.ID, version, err)
	}
	return apply.Workloads(objects), nil
}

// Objects returns what Install applies, without a cluster but for the lab's images.
func (r *Recipe) Objects(ctx context.Context, e *Env, version string) ([]*unstructured.Unstructured, error) {
	sources, err := r.sources(ctx, e, version)
	if err != nil {
		return nil, err
	}
	var out []*unstructured.Unstructured
	var values map[string]any
	if r.Prepare != nil {
		if out, values, err = r.Prepare(time.Now()); err != nil {
			return nil, err
		}
	}
	for i := range sources {
		e.Say("reading %s", sources[i].Name)
		objects, err := sources[i].objects(ctx, e, values)
		if err != nil {
			return nil, err
		}
		out = append(out, objects...)
	}
	return out, nil
}

func (r *Recipe) sources(ctx context.Context, e *Env, version string) ([]Source, error) {
	if err := r.Available(version, e.Lab != ""); err != nil {
		return nil, err
	}
	if e.Lab == "" {
		return r.Sources(version), nil
	}
	sources, archives := r.Lab(e.Lab, version)
	if len(archives) > 0 && e.Load != nil {
		e.Say("loading %d images on the nodes", len(archives))
		if err := e.Load(ctx, archives); err != nil {
			return nil, err
		}
	}
	return sources, nil
}

// Ready waits for the workloads.
func (r *Recipe) Ready(ctx context.Context, e *Env, list []apply.Workload) error {
	if err := e.Client.Wait(ctx, e.Timeout, list, e.Progress); err != nil {
		return fmt.Errorf("%s: %w", r.ID, err)
	}
	return nil
}
