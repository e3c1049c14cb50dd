package model

// TieRule decides between rules of equal priority in one tier.
type TieRule uint8

// The tie rules.
const (
	TieUndefined TieRule = iota // rules of equal priority and different action that both match: undetermined
	TieByKey                    // by Policy.TieKey, then rule order
	TieDenyFirst                // Deny over Allow over Pass
	TieUnion                    // only Allow rules exist: no conflict is possible
)

// Tier holds policies of both directions; order within it is by priority.
type Tier struct {
	Name string // "admin", "networkpolicy", "baseline"
	Tie  TieRule
	// TieReason is said when TieUndefined leaves a verdict open.
	TieReason *Reason
	// PassTo is the index of the tier that Pass continues with; len(tiers) is
	// the end, where the default is allow.
	PassTo int
	// DenyAtEnd defers UnmatchedDeny until every later tier had its say (a
	// deviation of some implementations).
	DenyAtEnd bool
	Policies  []*Policy
}

// Tier names shared by translators and profiles.
const (
	TierDeviation     = "deviation" // before all others: what an implementation does by itself
	TierAdmin         = "admin"
	TierNetworkPolicy = "networkpolicy"
	TierBaseline      = "baseline"
)

// Placed is a policy with the tier it belongs in.
type Placed struct {
	Tier   string
	Policy *Policy
}
