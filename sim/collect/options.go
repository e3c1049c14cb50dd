package collect

import (
	"io"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/policyapi"
)

// Options say what to collect.
type Options struct {
	// Sources are directories, files, globs, archives, kustomizations, charts, "-" for stdin, and each
	// of the paths at a git ref ("main:deploy/").
	Sources []string
	// Values are Helm values files and Set are assignments as for helm --set, later ones win.
	Values []string
	Set    []string
	// Release and ReleaseNamespace are the Helm release, "release-name" and "default" when empty.
	Release          string
	ReleaseNamespace string
	// Stdin is read for the source "-".
	Stdin io.Reader
	// Remote are sources of other clusters, by cluster name.
	Remote map[string][]string
	// Kinds are those somebody reads; objects of other kinds are counted and dropped. None means
	// InventoryKinds.
	Kinds []policyapi.Kind
	// Limits bound the work; zero fields mean DefaultLimits.
	Limits Limits
	// Progress, when set, is told after each file. Calls do not overlap.
	Progress func(Progress)
	// Dir is what relative paths are relative to, the working directory when empty.
	Dir string
}

// Progress is how far a collection has come.
type Progress struct {
	Files, Done int   // files found and files read
	Bytes       int64 // bytes read
	Objects     int   // objects kept
}

// Limits bound what Collect spends.
type Limits struct {
	// FileBytes is the largest single file and TotalBytes the most read over all.
	FileBytes, TotalBytes int64
	// ArchiveBytes is the most that one archive may expand to, ArchiveEntries the most entries in it.
	ArchiveBytes   int64
	ArchiveEntries int
	// Files is the most files looked at below one directory, Documents the most in one collection.
	Files, Documents int
	// Depth is the deepest nesting of a document and of directories.
	Depth int
}

// DefaultLimits returns limits that no honest input meets: 256 MiB a file, 2 GiB in all, 1 GiB and
// 200,000 entries an archive, a million files, five million documents, 512 levels.
func DefaultLimits() Limits {
	return Limits{
		FileBytes:      256 << 20,
		TotalBytes:     2 << 30,
		ArchiveBytes:   1 << 30,
		ArchiveEntries: 200_000,
		Files:          1_000_000,
		Documents:      5_000_000,
		Depth:          512,
	}
}

func orDefault[T int | int64](v, d T) T {
	if v > 0 {
		return v
	}
	return d
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	return Limits{
		FileBytes:      orDefault(l.FileBytes, d.FileBytes),
		TotalBytes:     orDefault(l.TotalBytes, d.TotalBytes),
		ArchiveBytes:   orDefault(l.ArchiveBytes, d.ArchiveBytes),
		ArchiveEntries: orDefault(l.ArchiveEntries, d.ArchiveEntries),
		Files:          orDefault(l.Files, d.Files),
		Documents:      orDefault(l.Documents, d.Documents),
		Depth:          orDefault(l.Depth, d.Depth),
	}
}

// parser returns the limits of one file's parse.
func (l Limits) parser() manifest.Limits {
	p := manifest.DefaultLimits()
	p.MaxBytes, p.MaxDepth = l.FileBytes, l.Depth
	return p
}
