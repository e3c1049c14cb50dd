package manifest

import (
	"encoding"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/intstr"
)

// scalar decodes what has no parts of its own.
func (w *walker) scalar(n *Node, p *plan, v reflect.Value) {
	switch p.op {
	case opString:
		if n.Kind != String {
			w.wrongKind(n, "a string")
		} else if v.IsValid() {
			v.SetString(n.Value)
		}
	case opBool:
		if n.Kind != Bool {
			w.wrongKind(n, "a boolean")
		} else if v.IsValid() {
			v.SetBool(n.Value == "true")
		}
	case opInt:
		w.integer(n, p, v)
	case opUint:
		w.unsigned(n, p, v)
	case opFloat:
		w.float(n, p, v)
	case opBytes:
		w.bytes(n, v)
	case opIntOrString:
		w.intOrString(n, v)
	case opText:
		w.text(n, p, v)
	case opJSON:
		w.json(n, p, v)
	case opAny:
		if v.IsValid() {
			v.Set(reflect.ValueOf(n.Any()))
		}
	default:
		w.fail(n, "netfate cannot decode a "+p.typ.String(), "")
	}
}

// integer decodes a signed integer. 3.0 is one in YAML, because Kubernetes turns YAML into JSON first.
func (w *walker) integer(n *Node, p *plan, v reflect.Value) {
	if n.Kind != Int && n.Kind != Float {
		w.wrongKind(n, "a whole number")
		return
	}
	bits := p.typ.Bits()
	i, err := strconv.ParseInt(n.Value, 10, bits)
	if err != nil {
		low := strconv.FormatInt(math.MinInt64>>(64-bits), 10)
		w.badNumber(n, err, low, strconv.FormatInt(math.MaxInt64>>(64-bits), 10))
	} else if v.IsValid() {
		v.SetInt(i)
	}
}

func (w *walker) unsigned(n *Node, p *plan, v reflect.Value) {
	if n.Kind != Int && n.Kind != Float {
		w.wrongKind(n, "a whole number")
		return
	}
	bits := p.typ.Bits()
	u, err := strconv.ParseUint(n.Value, 10, bits)
	if err != nil {
		if _, signed := strconv.ParseInt(n.Value, 10, 64); signed == nil { // negative
			err = strconv.ErrRange
		}
		w.badNumber(n, err, "0", strconv.FormatUint(math.MaxUint64>>(64-bits), 10))
	} else if v.IsValid() {
		v.SetUint(u)
	}
}

// badNumber reports a number that is too large or not whole.
func (w *walker) badNumber(n *Node, err error, low, high string) {
	if errors.Is(err, strconv.ErrRange) {
		w.fail(n, n.Value+" does not fit: it must be between "+low+" and "+high, "")
		return
	}
	w.fail(n, "must be a whole number, but this is "+n.Value, "")
}

func (w *walker) float(n *Node, p *plan, v reflect.Value) {
	if n.Kind != Int && n.Kind != Float {
		w.wrongKind(n, "a number")
		return
	}
	f, err := strconv.ParseFloat(n.Value, p.typ.Bits())
	if err != nil {
		w.fail(n, n.Value+" does not fit a number of "+strconv.Itoa(p.typ.Bits())+" bits", "")
	} else if v.IsValid() {
		v.SetFloat(f)
	}
}

// intOrString decodes the type of ports, without a detour through JSON.
func (w *walker) intOrString(n *Node, v reflect.Value) {
	var out intstr.IntOrString
	switch n.Kind {
	case String:
		out = intstr.FromString(n.Value)
	case Int, Float:
		i, err := strconv.ParseInt(n.Value, 10, 32)
		if err != nil {
			w.badNumber(n, err, "-2147483648", "2147483647")
			return
		}
		out = intstr.FromInt32(int32(i))
	default:
		w.wrongKind(n, "a number or a string")
		return
	}
	if v.IsValid() {
		*v.Addr().Interface().(*intstr.IntOrString) = out
	}
}

func (w *walker) text(n *Node, p *plan, v reflect.Value) {
	if n.Kind != String {
		w.wrongKind(n, "a string")
		return
	}
	u, ok := unmarshalTarget(p, v).(encoding.TextUnmarshaler)
	if !ok {
		return
	}
	if err := u.UnmarshalText([]byte(n.Value)); err != nil {
		w.fail(n, trimJSONError(err), "")
	}
}

// json lets a type decode itself from JSON text.
func (w *walker) json(n *Node, p *plan, v reflect.Value) {
	u, ok := unmarshalTarget(p, v).(json.Unmarshaler)
	if !ok {
		return
	}
	if err := u.UnmarshalJSON(n.JSON()); err != nil {
		hint := ""
		if n.Kind == Bool || n.Kind == Int || n.Kind == Float {
			hint = quoteHint(n)
		}
		w.fail(n, trimJSONError(err), hint)
	}
}

// unmarshalTarget returns a pointer to v, or to a value to throw away when only checking.
func unmarshalTarget(p *plan, v reflect.Value) any {
	if v.IsValid() {
		return v.Addr().Interface()
	}
	return reflect.New(p.typ).Interface()
}

// trimJSONError cuts the names of Go packages and types out of a decoding error.
func trimJSONError(err error) string {
	var typeErr *json.UnmarshalTypeError
	if errors.As(err, &typeErr) {
		return "cannot be " + article(typeErr.Value)
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// article puts the word of encoding/json for a kind into a sentence.
func article(kind string) string {
	switch kind {
	case "object":
		return "a map"
	case "array":
		return "a list"
	case "bool":
		return "a boolean"
	}
	return "a " + kind
}
