package collect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// errNotDir is what Stat says of "file/x".
const errNotDir = syscall.ENOTDIR

// fileReader returns the reader of a file on disk.
func (r *resolver) fileReader(path string) func(context.Context) ([]byte, error) {
	limit := r.o.Limits.FileBytes
	return func(ctx context.Context) ([]byte, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, plain(err)
		}
		defer f.Close() //nolint:errcheck // only read
		info, err := f.Stat()
		if err != nil {
			return nil, plain(err)
		}
		if info.IsDir() {
			return nil, errors.New("is a directory")
		}
		return readLimited(ctx, f, info.Size(), limit)
	}
}

// readLimited reads all of in, at most limit bytes; size is what to expect, 0 when not known. A
// cancelled context ends it even when in blocks.
func readLimited(ctx context.Context, in io.Reader, size, limit int64) ([]byte, error) {
	if size > limit {
		return nil, tooLarge(limit)
	}
	if f, ok := in.(*os.File); !ok || size == 0 || !isRegular(f) {
		return readBlocking(ctx, in, limit)
	}
	data := make([]byte, size+1) // one more, to see the end
	n, err := io.ReadFull(in, data)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return data[:n:n], nil
	}
	if err != nil {
		return nil, plain(err)
	}
	rest, err := readBlocking(ctx, in, limit-int64(n)) // it has grown
	return append(data, rest...), err
}

func isRegular(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}

// readBlocking reads from what may block for ever, a pipe or a terminal.
func readBlocking(ctx context.Context, in io.Reader, limit int64) ([]byte, error) {
	type result struct {
		data []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		var b bytes.Buffer
		_, err := io.Copy(&b, io.LimitReader(in, limit+1))
		done <- result{b.Bytes(), err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case got := <-done:
		switch {
		case got.err != nil:
			return nil, plain(got.err)
		case int64(len(got.data)) > limit:
			return nil, tooLarge(limit)
		}
		return got.data, nil
	}
}

func tooLarge(limit int64) error {
	return fmt.Errorf("larger than the limit of %s for one file", byteCount(limit))
}

// plain takes the operation and the path off an error of package os: messages name the file already.
func plain(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// realPath returns a path that is the same for all ways to name a file.
func realPath(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	return abs
}

func isURL(s string) bool { return strings.Contains(s, "://") }
