package scenarios

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// extract writes the sources of a file system below a new directory, where they
// are read like any others. remove deletes it.
func extract(fsys fs.FS, sources []string) (dir string, remove func(), err error) {
	dir, err = os.MkdirTemp("", "netfate-")
	if err != nil {
		return "", nil, err
	}
	remove = func() { _ = os.RemoveAll(dir) }
	for _, s := range sources {
		if err := copyTree(fsys, path.Clean(s), dir); err != nil {
			remove()
			return "", nil, err
		}
	}
	return dir, remove, nil
}

func copyTree(fsys fs.FS, root, dir string) error {
	return fs.WalkDir(fsys, root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("%s: no such file or directory", root)
		}
		to := filepath.Join(dir, filepath.FromSlash(p))
		if d.IsDir() {
			return os.MkdirAll(to, 0o700)
		}
		data, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		return os.WriteFile(to, data, 0o600)
	})
}
