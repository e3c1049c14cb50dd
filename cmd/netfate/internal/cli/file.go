package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFile writes a file whole or not at all: what write writes goes to a
// temporary file beside it, which takes its name at the end. Without overwrite a
// file that exists is an error. Nothing is left when ctx is cancelled.
func WriteFile(ctx context.Context, name string, overwrite bool, write func(io.Writer) error) error {
	if !overwrite {
		if err := mustNotExist(name); err != nil {
			return err
		}
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		var p *fs.PathError
		if errors.As(err, &p) {
			err = p.Err // without the temporary name
		}
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // after the rename there is nothing to remove
	if err := fill(ctx, tmp, write); err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	if err := os.Chmod(tmp.Name(), 0o644); err != nil { //nolint:gosec // as any new file
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	return os.Rename(tmp.Name(), name)
}

func mustNotExist(name string) error {
	_, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	return fmt.Errorf("%s exists; --force replaces it", name)
}

func fill(ctx context.Context, f *os.File, write func(io.Writer) error) error {
	err := write(&cancelWriter{ctx, f})
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = ctx.Err()
	}
	return err
}

// cancelWriter stops writing when its context is cancelled.
type cancelWriter struct {
	ctx context.Context //nolint:containedctx // it lives as long as one call
	w   io.Writer
}

func (c *cancelWriter) Write(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(b)
}
