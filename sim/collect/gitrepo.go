package collect

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"strconv"
	"strings"
)

// repo is a commit of a git repository. Its objects are read with ls-tree and cat-file: git archive
// would leave out what .gitattributes marks export-ignore. Nothing is written.
type repo struct {
	dir    string // somewhere inside the repository
	ref    string
	prefix string // of dir, below the repository's root: "" or "sub/dir/"
	tree   string // id of the commit's root tree
}

// blob is a file of a commit.
type blob struct {
	path, id string
	size     int64
	link     bool
}

// openRepo finds the repository and the commit.
func (r *resolver) openRepo(ctx context.Context, ref, source string) (*repo, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, fmt.Errorf("%s: no such file, and to read it as a path at git ref %q the program git is needed: install git", source, ref)
	}
	g := &repo{dir: orDot(r.o.Dir), ref: ref}
	prefix, err := g.run(ctx, nil, "rev-parse", "--show-prefix")
	if err != nil {
		return nil, fmt.Errorf("%s: no such file, and not a path at a git ref either: %w", source, err)
	}
	g.prefix = strings.TrimSuffix(string(prefix), "\n")
	id, err := g.run(ctx, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", ref+"^{tree}")
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%s: no such file, and git knows no branch, tag or commit %q (git branch -a and git tag list them)", source, ref)
	}
	g.tree = strings.TrimSpace(string(id))
	return g, nil
}

// clean returns a path as a path from the repository's root, "" for the root.
func (g *repo) clean(p string) (string, error) {
	p = strings.ReplaceAll(p, "\\", "/")
	switch {
	case strings.HasPrefix(p, "./"), strings.HasPrefix(p, "../"), p == ".", p == "..":
		p = path.Join(g.prefix, p)
	case path.IsAbs(p):
		return "", errors.New("a path at a ref is relative to the repository's root: take the leading slash away")
	}
	p = path.Clean("./" + p)
	switch {
	case p == ".":
		return "", nil
	case p == ".." || strings.HasPrefix(p, "../"):
		return "", errors.New("the path leads out of the repository")
	}
	return p, nil
}

// list returns the files at or below a path, sorted.
func (g *repo) list(ctx context.Context, base string, lim Limits) ([]blob, error) {
	args := []string{"ls-tree", "-r", "-z", "-l", "--full-tree", g.tree}
	if base != "" {
		args = append(args, "--", base)
	}
	out, err := g.run(ctx, nil, args...)
	if err != nil {
		return nil, err
	}
	var blobs []blob
	for line := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		meta, name, ok := strings.Cut(line, "\t")
		f := strings.Fields(meta) // mode, type, id, size
		if !ok || len(f) != 4 || f[1] != "blob" {
			continue
		}
		size, _ := strconv.ParseInt(f[3], 10, 64) // git prints a number for a blob
		blobs = append(blobs, blob{path: name, id: f[2], size: size, link: f[0] == "120000"})
	}
	if len(blobs) > lim.Files {
		return nil, fmt.Errorf("holds more than %d files: name a directory further down", lim.Files)
	}
	return blobs, nil
}

// cat reads blobs with one process.
func (g *repo) cat(ctx context.Context, blobs []blob, got func(blob, []byte)) error {
	if len(blobs) == 0 {
		return nil
	}
	var ids bytes.Buffer
	for _, b := range blobs {
		ids.WriteString(b.id + "\n")
	}
	out, err := g.run(ctx, &ids, "cat-file", "--batch")
	if err != nil {
		return err
	}
	in := bufio.NewReader(bytes.NewReader(out))
	for _, b := range blobs {
		header, err := in.ReadString('\n') // "<id> blob <size>"
		if err != nil || !strings.HasSuffix(header, " blob "+strconv.FormatInt(b.size, 10)+"\n") {
			return fmt.Errorf("git cannot read %s: %s", b.path, strings.TrimSpace(header))
		}
		data := make([]byte, b.size+1) // and a line break
		if _, err := io.ReadFull(in, data); err != nil {
			return fmt.Errorf("git cannot read %s: %w", b.path, err)
		}
		got(b, data[:b.size:b.size])
	}
	return nil
}

// run runs git and returns its output; the error is what git said.
func (g *repo) run(ctx context.Context, stdin io.Reader, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = g.dir
	cmd.Env = append(os.Environ(), "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1", "LC_ALL=C")
	cmd.Stdin = stdin
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if said, _, _ := strings.Cut(strings.TrimSpace(errOut.String()), "\n"); said != "" {
			return nil, fmt.Errorf("git: %s", strings.TrimPrefix(said, "fatal: "))
		}
		return nil, fmt.Errorf("git %s: %w", args[0], err)
	}
	return out.Bytes(), nil
}
