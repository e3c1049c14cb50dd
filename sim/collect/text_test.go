package collect

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// TestText writes records around the size of a piece, twice into the same memory.
func TestText(t *testing.T) {
	var x text
	for range 2 {
		x.reset()
		var want bytes.Buffer
		var records [][]byte
		for i, size := range []int{0, 1, pieceSize - pieceRoom - 1, pieceRoom, 3 * pieceSize, 1, pieceSize, 0, 10} {
			b := x.open()
			start := len(b)
			b = append(b, strings.Repeat(string(rune('a'+i)), size)...)
			x.close(b)
			records = append(records, b[start:])
			want.WriteString(strings.Repeat(string(rune('a'+i)), size))
		}
		if got := bytes.Join(x.pieces, nil); !bytes.Equal(got, want.Bytes()) {
			t.Errorf("the pieces hold %d bytes, want %d", len(got), want.Len())
		}
		if got := bytes.Join(records, nil); !bytes.Equal(got, want.Bytes()) {
			t.Error("a record changed after it was written")
		}
	}
}

func TestOriginLine(t *testing.T) {
	for _, o := range []originJSON{
		{},
		{Line: 3},
		{refJSON: refJSON{APIVersion: "v1", Kind: "Pod", Namespace: "shop", Name: "web"}, File: "a.yaml", Line: 1, Col: 1, At: []byte{1, 2, 255}},
		{refJSON: refJSON{Name: "a\"b\\<é\u2028\x00\x7f\ufeff"}, Cluster: "c", File: "ü d/\t.yaml", Col: 1<<32 - 1},
	} {
		var back originJSON
		line := o.append([]byte("before\n"))[len("before\n"):]
		if err := json.Unmarshal(line, &back); err != nil || !reflect.DeepEqual(o, back) || !bytes.HasSuffix(line, []byte("}\n")) {
			t.Errorf("%+v: %s reads as %+v: %v", o, line, back, err)
		}
	}
}
