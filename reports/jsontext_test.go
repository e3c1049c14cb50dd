package reports

import (
	"encoding/json"
	"testing"
)

// FuzzAppendJSON holds the writer of strings against encoding/json.
func FuzzAppendJSON(f *testing.F) {
	for _, s := range []string{"", "shop/cart", "a\"b\\c", "\x00\x1f\n\t\r\b\f", "é → ✓", "\xff\xfe", "\u2028", "<&>", "\u007f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := appendJSON(nil, s)
		var back, want string
		if err := json.Unmarshal(got, &back); err != nil {
			t.Fatalf("%q: %v", got, err)
		}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &want); err != nil || back != want {
			t.Errorf("%q reads back as %q, encoding/json has %q", s, back, want)
		}
	})
}
