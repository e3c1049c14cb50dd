package manifest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// FromValue returns the tree of a Go value's JSON, without positions: for objects that come from a
// live cluster. Maps of the kind that unstructured objects hold are converted directly, keys sorted; all
// else goes through encoding/json. It fails when the value has no JSON.
func FromValue(v any) (*Node, error) {
	n := new(Node)
	if err := fromValue(v, n, 0); err != nil {
		return nil, err
	}
	return n, nil
}

func fromValue(v any, out *Node, depth int) error {
	if depth > DefaultLimits().MaxDepth {
		return fmt.Errorf("%s", tooDeep(DefaultLimits()))
	}
	switch v := v.(type) {
	case nil:
		out.Kind = Null
	case bool:
		out.Kind, out.Value = Bool, strconv.FormatBool(v)
	case string:
		out.Kind, out.Value = String, v
	case int64:
		out.Kind, out.Value = Int, strconv.FormatInt(v, 10)
	case float64:
		return fromFloat(v, out)
	case map[string]any:
		return fromMap(v, out, depth)
	case []any:
		out.Kind, out.Items = List, make([]Node, len(v))
		for i := range v {
			if err := fromValue(v[i], &out.Items[i], depth+1); err != nil {
				return err
			}
		}
	default:
		return fromJSON(v, out, depth)
	}
	return nil
}

func fromFloat(f float64, out *Node) error {
	var ok bool
	if out.Kind, out.Value, ok = floatText(f); !ok {
		return fmt.Errorf("%v has no JSON", f)
	}
	return nil
}

func fromMap(m map[string]any, out *Node, depth int) error {
	out.Kind = Map
	out.Items = make([]Node, len(m))
	out.Keys = make([]Key, len(m))
	for i, k := range slices.Sorted(maps.Keys(m)) {
		out.Keys[i].Name = k
		if err := fromValue(m[k], &out.Items[i], depth+1); err != nil {
			return err
		}
	}
	return nil
}

// fromJSON converts any other Go value.
func fromJSON(v any, out *Node, depth int) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	docs, errs := Parse("", data, Limits{})
	if len(errs) > 0 {
		return errs[0]
	}
	if len(docs) != 1 {
		return fmt.Errorf("%T has no JSON", v)
	}
	*out = *docs[0].Root
	clearPositions(out)
	return nil
}

// clearPositions removes positions, which would be those in a text that nobody has seen.
func clearPositions(n *Node) {
	n.Line, n.Col = 0, 0
	for i := range n.Keys {
		n.Keys[i].Line, n.Keys[i].Col = 0, 0
	}
	for i := range n.Items {
		clearPositions(&n.Items[i])
	}
}
