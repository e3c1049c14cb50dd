package knp

import (
	"slices"
	"strconv"
)

// shrink returns the smallest cluster it finds that still fails, by leaving out
// one thing after another: objects, rules, peers, ports, exceptions, labels.
func shrink(c *cluster, fails func(*cluster) bool) *cluster {
	for smaller := true; smaller; {
		smaller = false
		for i := 0; i < len(c.objects); i++ {
			without := c.with(slices.Delete(slices.Clone(c.objects), i, i+1))
			if fails(without) {
				c, smaller = without, true
				i--
			}
		}
		for i := range c.objects {
			if next := shrinkObject(c, i, fails); next != nil {
				c, smaller = next, true
			}
		}
	}
	return c
}

// shrinkObject leaves out parts of one object, nil when none can go.
func shrinkObject(c *cluster, i int, fails func(*cluster) bool) *cluster {
	var found *cluster
	for {
		m, err := toMap(c.objects[i])
		if err != nil {
			return found
		}
		next := firstFailing(c, i, partsOf(nil, m), fails)
		if next == nil {
			return found
		}
		c, found = next, next
	}
}

// firstFailing returns the cluster without the first part that can go.
func firstFailing(c *cluster, i int, parts [][]string, fails func(*cluster) bool) *cluster {
	for _, path := range parts {
		m, err := toMap(c.objects[i])
		if err != nil {
			return nil
		}
		remove(m, path)
		o, err := fromMap(m)
		if err != nil {
			continue
		}
		objects := slices.Clone(c.objects)
		objects[i] = o
		if next := c.with(objects); fails(next) {
			return next
		}
	}
	return nil
}

// partsOf lists the paths of all list items and labels in a value, the outer first.
func partsOf(at []string, v any) [][]string {
	var out [][]string
	step := func(key string) []string { return append(slices.Clone(at), key) }
	switch v := v.(type) {
	case []any:
		for i := range v {
			out = append(out, step(strconv.Itoa(i)))
		}
		for i, item := range v {
			out = append(out, partsOf(step(strconv.Itoa(i)), item)...)
		}
	case map[string]any:
		for _, k := range sortedKeys(v) {
			if k == "status" { // what is there, not what somebody wrote
				continue
			}
			if len(at) > 0 && (at[len(at)-1] == "labels" || at[len(at)-1] == "matchLabels") {
				out = append(out, step(k))
			}
			out = append(out, partsOf(step(k), v[k])...)
		}
	}
	return out
}

func sortedKeys(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// remove returns the value without the part at a path.
func remove(v any, path []string) any {
	switch v := v.(type) {
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil || i >= len(v) {
			return v
		}
		if len(path) == 1 {
			return slices.Delete(v, i, i+1)
		}
		v[i] = remove(v[i], path[1:])
	case map[string]any:
		if len(path) == 1 {
			delete(v, path[0])
		} else {
			v[path[0]] = remove(v[path[0]], path[1:])
		}
	}
	return v
}
