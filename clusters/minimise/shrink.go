package minimise

import (
	"bytes"
	"context"
	"slices"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// shrink drops whole objects, policies first, then parts of those that are left,
// until neither can go.
func (r *run) shrink(ctx context.Context) error {
	if err := r.dropObjects(ctx, isPolicy); err != nil {
		return err
	}
	if err := r.dropObjects(ctx, func(o *model.Object) bool { return !isPolicy(o) }); err != nil {
		return err
	}
	for {
		before := size(r.now)
		if err := r.dropParts(ctx); err != nil {
			return err
		}
		if err := r.dropObjects(ctx, func(*model.Object) bool { return true }); err != nil {
			return err
		}
		if size(r.now) == before {
			return nil
		}
	}
}

func isPolicy(o *model.Object) bool {
	switch o.Kind {
	case "Namespace", "Pod", "Service", "Node", "EndpointSlice", "ServiceAccount":
		return false
	}
	return true
}

// dropObjects drops objects of a sort: halves first, then ever smaller parts.
func (r *run) dropObjects(ctx context.Context, sort func(*model.Object) bool) error {
	for n := len(r.droppable(sort)); n > 0; n /= 2 {
		for from := 0; ; {
			list := r.droppable(sort)
			if from >= len(list) {
				break
			}
			part := list[from:min(from+n, len(list))]
			gone, err := r.keeps(ctx, slices.DeleteFunc(slices.Clone(r.now), func(o *model.Object) bool { return slices.Contains(part, o) }))
			if err != nil {
				return err
			}
			if !gone {
				from += n
			}
		}
	}
	return nil
}

// droppable lists objects of a sort that the Observer can take away and that are
// no end of the flow.
func (r *run) droppable(sort func(*model.Object) bool) []*model.Object {
	var out []*model.Object
	for _, o := range r.now {
		if sort(o) && r.o.Changes(o.Kind) && !r.pinned(o) {
			out = append(out, o)
		}
	}
	return out
}

func (r *run) pinned(o *model.Object) bool {
	id := o.Name
	if o.Namespace != "" {
		id = o.Namespace + "/" + o.Name
	}
	for _, p := range []observation.Party{r.flow.From, r.flow.To} {
		switch {
		case p.ID != id && !(o.Kind == "Namespace" && len(p.ID) > len(o.Name) && p.ID[:len(o.Name)+1] == o.Name+"/"):
		case o.Kind == "Pod", o.Kind == "Namespace", o.Kind == "Service" && p.Kind == "service", o.Kind == "Node" && p.Kind == "node":
			return true
		}
	}
	return false
}

// dropParts drops items of lists and entries of maps, outer ones first.
func (r *run) dropParts(ctx context.Context) error {
	for i := 0; i < len(r.now); i++ {
		if !r.o.Changes(r.now[i].Kind) || !r.o.Cheap(r.now[i].Kind) {
			continue
		}
		for at := 0; ; {
			list := parts(r.now[i])
			if at >= len(list) {
				break
			}
			smaller, err := without(r.now[i], list[at])
			if err != nil {
				return err
			}
			next := slices.Clone(r.now)
			next[i] = smaller
			gone, err := r.keeps(ctx, next)
			if err != nil {
				return err
			}
			if !gone {
				at++
			}
		}
	}
	return nil
}

// part is the path to a value that may go: keys and indices.
type part []any

// parts lists what may go from an object, outer values first.
func parts(o *model.Object) []part {
	var out []part
	roots := [][]string{{"spec"}}
	switch o.Kind {
	case "Namespace":
		roots = [][]string{{"metadata", "labels"}}
	case "Pod":
		roots = [][]string{{"metadata", "labels"}, {"spec", "containers", "0", "ports"}}
	case "Service", "Node", "EndpointSlice":
		return nil
	}
	for _, root := range roots {
		n := o.Root
		var at part
		for _, key := range root {
			if n != nil && n.Kind == manifest.List {
				at = append(at, 0)
			} else {
				at = append(at, key)
			}
			n = n.At(key)
		}
		level := []located{{n, at}}
		for len(level) > 0 {
			var below []located
			for _, l := range level {
				for _, child := range children(l) {
					out = append(out, child.at)
					below = append(below, child)
				}
			}
			level = below
		}
	}
	return out
}

type located struct {
	n  *manifest.Node
	at part
}

func children(l located) []located {
	var out []located
	for i := 0; i < l.n.Len(); i++ {
		step := any(i)
		if l.n.Kind == manifest.Map {
			step = l.n.Keys[i].Name
		}
		out = append(out, located{&l.n.Items[i], append(slices.Clone(l.at), step)})
	}
	return out
}

// without returns the object without the value at a path.
func without(o *model.Object, at part) (*model.Object, error) {
	root, err := manifest.FromValue(remove(o.Root.Any(), at))
	if err != nil {
		return nil, err
	}
	next := *o
	next.Root = root
	return &next, nil
}

func remove(v any, at part) any {
	switch v := v.(type) {
	case map[string]any:
		key, ok := at[0].(string)
		if !ok {
			return v
		}
		if len(at) == 1 {
			delete(v, key)
		} else {
			v[key] = remove(v[key], at[1:])
		}
		return v
	case []any:
		i, ok := at[0].(int)
		if !ok || i >= len(v) {
			return v
		}
		if len(at) == 1 {
			return slices.Delete(v, i, i+1)
		}
		v[i] = remove(v[i], at[1:])
		return v
	}
	return v
}

// size counts the values of objects.
func size(objects []*model.Object) int {
	n := 0
	for _, o := range objects {
		n += values(o.Root)
	}
	return n
}

func values(n *manifest.Node) int {
	total := 1
	for i := 0; i < n.Len(); i++ {
		total += values(&n.Items[i])
	}
	return total
}

// content is equal for equal objects.
func content(objects []*model.Object) string {
	var b bytes.Buffer
	for _, o := range objects {
		b.Write(o.Root.JSON())
		b.WriteByte('\n')
	}
	return b.String()
}
