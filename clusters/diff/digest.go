package diff

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

// Digest returns "sha256:" and a digest of what the snapshot's objects say: where
// they were read from, their order, and what the API server keeps for itself do
// not count, nor does the status of pods, which is another one on every cluster.
func Digest(s *model.Snapshot) (string, error) {
	var lines []string
	for _, o := range s.Objects {
		if o.Root == nil {
			continue
		}
		root := collect.Strip(o.Root, o.Kind)
		m, ok := root.Any().(map[string]any)
		if ok && o.Kind == "Pod" {
			delete(m, "status")
		}
		text, err := json.Marshal(m)
		if err != nil {
			return "", fmt.Errorf("%s: %w", o.Ref, err)
		}
		lines = append(lines, fmt.Sprintf("%s\x00%s\x00%s\x00%s\x00%s", o.Cluster, o.Kind, o.Namespace, o.Name, text))
	}
	slices.Sort(lines)
	h := sha256.New()
	for _, l := range lines {
		h.Write([]byte(l + "\x00"))
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil)), nil
}
