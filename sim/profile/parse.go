package profile

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// Parse reads a profile as people write it: a name, after it perhaps "@" and a
// version, and after that perhaps settings in braces:
//
//	cilium
//	cilium@1.20
//	cilium{policyCIDRMatchMode=pods+nodes,nodeSelectorLabels=true}
//
// A version must be the one the profile describes, or the start of it. The name
// of the result holds the settings, so that two profiles of one implementation
// can be told apart.
func Parse(text string) (*model.Profile, error) {
	head, settings, braces := strings.Cut(strings.TrimSpace(text), "{")
	if braces {
		var closed bool
		if settings, closed = strings.CutSuffix(settings, "}"); !closed {
			return nil, fmt.Errorf("network profile %q: missing \"}\" at the end", text)
		}
	}
	name, version, _ := strings.Cut(head, "@")
	p, err := Get(strings.TrimSpace(name))
	if err != nil {
		return nil, err
	}
	if err := checkVersion(p, strings.TrimSpace(version)); err != nil {
		return nil, err
	}
	if strings.TrimSpace(settings) == "" {
		return p, nil
	}
	if err := apply(p, settings); err != nil {
		return nil, err
	}
	return p, nil
}

// checkVersion accepts the profile's version and whole leading parts of it.
func checkVersion(p *model.Profile, version string) error {
	version = strings.TrimPrefix(version, "v")
	if version == "" || version == p.Version || strings.HasPrefix(p.Version, version+".") {
		return nil
	}
	if strings.HasPrefix(version, p.Version+".") { // a patch release of what is described
		return nil
	}
	return fmt.Errorf("network profile %s describes version %s; there is none for %s", p.Name, p.Version, version)
}

// apply changes the profile by "key=value,key=value" and adds them to its name.
func apply(p *model.Profile, settings string) error {
	known := Settings(p.Name)
	var applied []string
	for _, setting := range strings.Split(settings, ",") {
		key, value, ok := strings.Cut(setting, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !ok {
			return fmt.Errorf("network profile %s: setting %q has no value: want key=value", p.Name, key)
		}
		s, err := find(p.Name, known, key)
		if err != nil {
			return err
		}
		if err := s.set(p, value); err != nil {
			return fmt.Errorf("network profile %s: setting %s: %w", p.Name, key, err)
		}
		applied = append(applied, key+"="+value)
	}
	p.Name += "{" + strings.Join(applied, ",") + "}"
	return nil
}

// find returns the setting of that key.
func find(profile string, known []Setting, key string) (*Setting, error) {
	var keys []string
	for i := range known {
		if known[i].Key == key {
			return &known[i], nil
		}
		keys = append(keys, known[i].Key)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("network profile %s has no settings; %q is not one", profile, key)
	}
	hint := ""
	if near := nearest(key, keys); near != "" {
		hint = fmt.Sprintf(": did you mean %q?", near)
	}
	return nil, fmt.Errorf("network profile %s has no setting %q%s (known: %s)", profile, key, hint, strings.Join(keys, ", "))
}
