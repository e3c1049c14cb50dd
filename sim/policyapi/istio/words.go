package istio

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/netfate/netfate/sim/internal/textdist"
)

// didYouMean returns a hint with the nearest of some words, "" when none is near.
func didYouMean(word string, known []string) string {
	best, near := len(word)/2+1, ""
	for _, k := range known {
		if d := textdist.Distance(strings.ToLower(word), strings.ToLower(k)); d < best {
			best, near = d, k
		}
	}
	if near == "" {
		return "one of " + strings.Join(known, ", ")
	}
	return "did you mean " + near + "?"
}

// nearestField is a hint at the field of a message that is nearest to a name.
func nearestField(name string, m protoreflect.MessageDescriptor) string {
	known := make([]string, 0, m.Fields().Len())
	for i := range m.Fields().Len() {
		known = append(known, m.Fields().Get(i).JSONName())
	}
	return didYouMean(name, known)
}
