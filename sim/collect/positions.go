package collect

import (
	"encoding/binary"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// packer packs the positions of a tree's values and keys, in order: the difference to the line before
// and the column, as varints.
type packer struct {
	out  []byte
	line int64
}

// pack returns the positions of a tree; they are valid until the next call.
func (p *packer) pack(root *manifest.Node) []byte {
	p.out, p.line = p.out[:0], 0
	p.node(root)
	return p.out
}

func (p *packer) at(line, col uint32) {
	p.out = binary.AppendVarint(p.out, int64(line)-p.line)
	p.out = binary.AppendUvarint(p.out, uint64(col))
	p.line = int64(line)
}

func (p *packer) node(n *manifest.Node) {
	p.at(n.Line, n.Col)
	for i := range n.Items {
		if n.Kind == manifest.Map {
			p.at(n.Keys[i].Line, n.Keys[i].Col)
		}
		p.node(&n.Items[i])
	}
}

// unpackPositions gives a tree the positions that a packer took. When they do not fit, because
// somebody edited the archive, all positions become unknown.
func unpackPositions(root *manifest.Node, packed []byte) {
	p := unpacking{in: packed, ok: true}
	p.node(root)
	if !p.ok || len(p.in) > 0 {
		p = unpacking{clear: true}
		p.node(root)
	}
}

type unpacking struct {
	in    []byte
	line  int64
	ok    bool
	clear bool
}

func (p *unpacking) at(line, col *uint32) {
	if p.clear {
		*line, *col = 0, 0
		return
	}
	d, n := binary.Varint(p.in)
	c, m := binary.Uvarint(p.in[max(n, 0):])
	if n <= 0 || m <= 0 || p.line+d < 0 || p.line+d > 1<<32-1 || c > 1<<32-1 {
		p.ok, p.in = false, nil
		return
	}
	p.in = p.in[n+m:]
	p.line += d
	*line, *col = uint32(p.line), uint32(c)
}

func (p *unpacking) node(n *manifest.Node) {
	p.at(&n.Line, &n.Col)
	for i := range n.Items {
		if n.Kind == manifest.Map {
			p.at(&n.Keys[i].Line, &n.Keys[i].Col)
		}
		p.node(&n.Items[i])
	}
}

// withNamespace returns the object's tree with the namespace that it was given when it named none.
func withNamespace(o *model.Object) *manifest.Node {
	if o.Namespace == "" || o.Root.At("metadata", "namespace").Str() != "" {
		return o.Root
	}
	return within(o.Root, "metadata", func(v *manifest.Node) *manifest.Node {
		if v.Kind != manifest.Map {
			return v
		}
		v = dropKeys(v, "namespace") // which says nothing
		out := firstOf(v, v.Len())
		out.Keys = append(out.Keys, manifest.Key{Name: "namespace", Line: v.Line, Col: v.Col})
		out.Items = append(out.Items, manifest.Node{Kind: manifest.String, Value: o.Namespace, Line: v.Line, Col: v.Col})
		return out
	})
}
