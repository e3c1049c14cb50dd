package networkpolicy_test

import (
	"flag"
	"reflect"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/netfate/netfate/sim/policyapi/networkpolicy"
	"github.com/netfate/netfate/sim/policyapi/policytest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestGolden(t *testing.T) {
	policytest.Golden(t, networkpolicy.Translator{}, "testdata", *update)
}

func TestFieldsAreThoseOfTheType(t *testing.T) {
	policytest.Fields(t, networkpolicy.Translator{}.Fields(), "NetworkPolicy", reflect.TypeFor[networkingv1.NetworkPolicy]())
}
