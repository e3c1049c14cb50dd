package install

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// Fetcher gets sources. It is safe for use by one goroutine.
type Fetcher struct {
	// Manifests is a directory that sources are taken from instead of the network.
	Manifests string
	// Cache is a directory that keeps what was fetched, by digest; none when empty.
	Cache string
	// Lock is the file of digests; none is kept when empty.
	Lock string
	// HTTP is the client, one with a timeout of 5 minutes when nil.
	HTTP *http.Client
	// Note, if set, is told what a person should know, such as a digest that was
	// taken on trust.
	Note func(string)
}

// maxSource bounds one source: 64 MiB, some dozen times the largest chart.
const maxSource = 64 << 20

// ErrDigest is wrapped where a source is not what it was.
var ErrDigest = errors.New("its digest is not the one that is known")

// Get returns a source: from the directory of manifests, the cache or the vendor's
// address. What is known of its digest must hold; a first digest is written down.
func (f *Fetcher) Get(ctx context.Context, s *Source) ([]byte, error) {
	lock, err := readLock(f.Lock)
	if err != nil {
		return nil, err
	}
	want := s.SHA256
	if e, ok := lock[s.URL]; ok && want == "" {
		want = e.SHA256
	}
	data, from, err := f.find(ctx, s, want)
	if err != nil {
		return nil, err
	}
	got := digest(data)
	switch {
	case want != "" && got != want:
		return nil, fmt.Errorf("%s: %w: it has sha256 %s, want %s. If the vendor published it anew and you trust that, take its line out of %s", from, ErrDigest, got, want, f.Lock)
	case want == "" && from == s.URL:
		lock[s.URL] = locked{SHA256: got, First: time.Now().UTC().Format("2006-01-02")}
		if err := writeLock(f.Lock, lock); err != nil {
			return nil, err
		}
		if f.Note != nil {
			f.Note(fmt.Sprintf("%s is taken on trust: its digest sha256:%s is now in %s", s.Name, got, f.Lock))
		}
	}
	f.keep(got, data)
	return data, nil
}

// find returns the bytes and where they are from.
func (f *Fetcher) find(ctx context.Context, s *Source, want string) (data []byte, from string, err error) {
	if f.Manifests != "" {
		from = filepath.Join(f.Manifests, s.Name)
		if data, err = os.ReadFile(from); errors.Is(err, os.ErrNotExist) {
			return nil, "", fmt.Errorf("%s does not exist: --manifests wants the file of %s there", from, s.URL)
		}
		return data, from, err
	}
	if f.Cache != "" && want != "" {
		from = filepath.Join(f.Cache, want)
		if data, err = os.ReadFile(from); err == nil && digest(data) == want {
			return data, from, nil
		}
	}
	data, err = f.download(ctx, s)
	return data, s.URL, err
}

func (f *Fetcher) download(ctx context.Context, s *Source) ([]byte, error) {
	remedy := fmt.Sprintf("without internet: put it as %s into a directory and give that with --manifests", s.Name)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
	if err != nil {
		return nil, err
	}
	client := f.HTTP
	if client == nil {
		client = &http.Client{Timeout: 5 * time.Minute}
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("cannot fetch: %w (%s)", err, remedy)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("cannot fetch %s: %s: is it a version that was released? (%s)", s.URL, resp.Status, remedy)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxSource+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot fetch %s: %w", s.URL, err)
	case len(data) > maxSource:
		return nil, fmt.Errorf("%s is larger than %d MiB", s.URL, maxSource>>20)
	}
	return data, nil
}

// keep puts a source into the cache; that it cannot is no error.
func (f *Fetcher) keep(name string, data []byte) {
	if f.Cache == "" || f.Manifests != "" {
		return
	}
	if err := os.MkdirAll(f.Cache, 0o755); err == nil { //nolint:gosec // nothing secret
		_ = os.WriteFile(filepath.Join(f.Cache, name), data, 0o644) //nolint:gosec // the same
	}
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
