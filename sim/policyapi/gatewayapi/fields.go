package gatewayapi

import "github.com/netfate/netfate/sim/model"

// Fields lists the fields of the API's kinds.
func (Assembler) Fields() []model.FieldSupport { return nil }
