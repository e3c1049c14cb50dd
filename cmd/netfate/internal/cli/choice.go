package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim"
)

// Choice is a flag's value that must be one of a few. It is a pflag.Value.
type Choice struct {
	value   *string
	choices []string
}

// NewChoice returns a choice; the first one is the default.
func NewChoice(choices ...string) Choice {
	value := choices[0]
	return Choice{value: &value, choices: choices}
}

// NewColor returns the choice of --color, kept in a variable.
func NewColor(value *string) *Choice {
	*value = ColorAuto
	return &Choice{value: value, choices: []string{ColorAuto, ColorAlways, ColorNever}}
}

// String returns the value.
func (c *Choice) String() string {
	if c.value == nil { // as pflag asks of a zero value
		return ""
	}
	return *c.value
}

// Set accepts one of the choices.
func (c *Choice) Set(v string) error {
	if slices.Contains(c.choices, v) {
		*c.value = v
		return nil
	}
	hint := ""
	if near := sim.Nearest(v, c.choices, 1); len(near) > 0 {
		hint = fmt.Sprintf(", did you mean %q?", near[0])
	}
	return fmt.Errorf("want one of %s%s", strings.Join(c.choices, ", "), hint)
}

// Type returns the choices, for the help.
func (c *Choice) Type() string { return strings.Join(c.choices, "|") }
