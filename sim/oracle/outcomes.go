package oracle

import "github.com/netfate/netfate/sim/model"

// Outcomes is the set of what may become of a connection at one enforcement
// point. The set that an evaluation returns is never empty.
type Outcomes uint8

// The two outcomes of an enforcement point. Their union is that both are possible.
const (
	MayAllow Outcomes = 1 << iota
	MayDeny
)

// either is the set of both outcomes.
const either = MayAllow | MayDeny

// Outcome returns what the set means by itself: a single outcome is certain.
func (o Outcomes) Outcome() model.Outcome {
	switch o {
	case MayAllow:
		return model.Allowed
	case MayDeny:
		return model.Denied
	}
	return model.Undetermined
}

// String returns "{allow}", "{deny}" or "{allow, deny}".
func (o Outcomes) String() string {
	switch o {
	case MayAllow:
		return "{allow}"
	case MayDeny:
		return "{deny}"
	case either:
		return "{allow, deny}"
	}
	return "{}"
}

// combine joins the two enforcement points of a connection: both have to allow
// it, and one that certainly denies it is enough to deny it.
func combine(egress, ingress Outcomes) model.Outcome {
	switch {
	case egress == MayDeny || ingress == MayDeny:
		return model.Denied
	case egress == MayAllow && ingress == MayAllow:
		return model.Allowed
	}
	return model.Undetermined
}
