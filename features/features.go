// Package features holds the example that "netfate demo" runs: a shop with its
// manifests, its specifications and the changes they are about.
//
//	shop/manifests/   a dozen workloads, their Services and the policies of teams and platform
//	shop/*.feature    specifications; the one tagged @fails-on-purpose does not hold
//	shop/refunds/     what that one adds: a new workload and a policy with a mistake
//	shop/changes/     proposed changes, for specifications and for netfate plan
package features

import "embed"

// FS holds the example below the directory "shop".
//
//go:embed shop
var FS embed.FS

// FailsOnPurpose is the tag of what does not hold, to show what a failure says.
const FailsOnPurpose = "@fails-on-purpose"
