package install

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// locked is what the lock file says of an address.
type locked struct {
	SHA256 string `json:"sha256"`
	First  string `json:"first"` // when it was fetched first, YYYY-MM-DD
}

// readLock reads the digests by address; a file that does not exist has none.
func readLock(name string) (map[string]locked, error) {
	out := map[string]locked{}
	if name == "" {
		return out, nil
	}
	data, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return out, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the digests in %s: %w", name, err)
	}
	return out, nil
}

// writeLock writes the digests, whole or not at all.
func writeLock(name string, lock map[string]locked) error {
	if name == "" {
		return nil
	}
	data, err := json.MarshalIndent(lock, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil { //nolint:gosec // nothing secret
		return err
	}
	if err := os.WriteFile(name+".new", append(data, '\n'), 0o644); err != nil { //nolint:gosec // the same
		return err
	}
	return os.Rename(name+".new", name)
}
