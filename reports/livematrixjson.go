package reports

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
)

// liveMatrixJSON is one flow of "live matrix -o json".
type liveMatrixJSON struct {
	Flow     observation.Flow `json:"flow"`
	Engines  []liveEngineJSON `json:"engines"`
	Differs  bool             `json:"differs"`
	Expected bool             `json:"expected"`
}

type liveEngineJSON struct {
	Engine    string `json:"engine"`
	Profile   string `json:"profile"`
	Predicted string `json:"predicted"`
	DecidedBy string `json:"decidedBy,omitempty"`
	Observed  string `json:"observed"`
}

// LiveMatrixJSON writes one JSON object a flow, one a line, of every flow.
func LiveMatrixJSON(w io.Writer, engines []diff.Engine, list []diff.Crossing) error {
	out := bufio.NewWriterSize(w, bufferSize)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for i := range list {
		c := &list[i]
		j := liveMatrixJSON{Flow: c.Flow, Differs: c.Differs, Expected: c.Expected}
		for e := range engines {
			j.Engines = append(j.Engines, liveEngineJSON{
				Engine: engines[e].Name, Profile: engines[e].Result.Network,
				Predicted: c.Predicted[e].String(), DecidedBy: c.Rules[e], Observed: c.Seen[e].String(),
			})
		}
		if err := enc.Encode(j); err != nil {
			return err
		}
	}
	return out.Flush()
}
