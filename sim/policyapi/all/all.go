// Package all lists the translators. An API is added here, by one line, and by
// its own directory beside this one.
package all

import (
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/policyapi/adminnetworkpolicy"
	"github.com/netfate/netfate/sim/policyapi/clusternetworkpolicy"
	"github.com/netfate/netfate/sim/policyapi/gatewayapi"
	"github.com/netfate/netfate/sim/policyapi/istio"
	"github.com/netfate/netfate/sim/policyapi/networkpolicy"
)

// All returns every translator, in the order in which they are documented.
func All() []policyapi.Translator {
	return []policyapi.Translator{
		networkpolicy.Translator{},
		adminnetworkpolicy.Translator{},
		clusternetworkpolicy.Translator{},
	}
}

// Assemblers returns every assembler, in the order in which they run.
func Assemblers() []policyapi.Assembler {
	return []policyapi.Assembler{
		istio.Assembler{},
		gatewayapi.Assembler{},
	}
}
