package probeimage

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
)

// Repository is the name of the agent's image. No registry has it: the image is loaded into nodes.
const Repository = "netfate.dev/probe"

// Ref returns the image's name for a binary. Its tag is the binary's digest, so that a node never runs
// another agent than the one that belongs to this netfate.
func Ref(binary []byte) string {
	sum := sha256.Sum256(binary)
	return Repository + ":" + hex.EncodeToString(sum[:6])
}

func sortedKeys(m map[string][]byte) []string { return slices.Sorted(maps.Keys(m)) }
